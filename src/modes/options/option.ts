/** What an option of the program is, and how its value is read. */
import { type SafeText, say } from '../../core/safe-text.ts'
import type { Given } from './given.ts'

/** One option: its flag, what it takes, and its line in help. */
export interface OptionSpec {
  key: keyof Given
  /** After the two dashes. */
  flag: string
  kind: 'on' | 'off' | 'text' | 'texts' | 'seconds' | 'count'
  /** What stands for its value in help. */
  value?: string
  summary: string
  /** For seconds and counts. */
  range?: { least: number; most: number; orZero?: boolean }
}

/** In seconds: as long as anything here is waited for. */
export const DAY = 86_400

/** The environment twin of an option: `P2P_TUI_` and its flag, `--log-file` being `P2P_TUI_LOG_FILE`. */
export function envName({ flag }: OptionSpec): string {
  return `P2P_TUI_${flag.toUpperCase().replaceAll('-', '_')}`
}

/** Seconds or a count as a person wrote it, if the option takes so many. Otherwise what it takes. */
export function readNumber(text: string, { kind, range }: OptionSpec): number | { problem: SafeText } {
  const { least, most, orZero } = range ?? { least: 0, most: DAY }
  const number = Number(text)
  const inRange = (number >= least && number <= most) || (orZero === true && number === 0)
  const written = kind === 'count' ? /^\d+$/ : /^(\d+(\.\d*)?|\.\d+)$/
  if (written.test(text.trim()) && inRange) return number
  const zero = orZero === true ? say`0 or ` : say``
  const what = kind === 'count' ? say`a whole number` : say`a number of seconds`
  return { problem: say`must be ${zero}${what} from ${least} to ${most}` }
}
