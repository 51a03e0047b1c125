/** Options from the environment. */
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Given } from './given.ts'
import { envName, type OptionSpec, readNumber } from './option.ts'
import { OPTIONS } from './table.ts'
import { UsageProblem } from './usage-problem.ts'

const YES = ['1', 'true', 'yes', 'on']
const NO = ['0', 'false', 'no', 'off']

/**
 * What the environment says. A variable that is set to nothing is not set. Lists are separated by blanks or commas.
 *
 * @throws {UsageProblem} naming the variable whose value cannot be used
 */
export function givenByEnv(env: Readonly<Record<string, string | undefined>>): Given {
  const given: Record<string, unknown> = {}
  for (const option of OPTIONS) {
    const text = env[envName(option)]?.trim() ?? ''
    if (text !== '') given[option.key] = readEnv(text, option)
  }
  // https://no-color.org: present and not empty, whatever its value.
  if ((env.NO_COLOR ?? '') !== '') given.color = false
  return given
}

function readEnv(text: string, option: OptionSpec): string | number | boolean | string[] {
  const wrong = (problem: SafeText) =>
    new UsageProblem(say`${safeText(envName(option))} ${problem}, not "${safeText(text)}"`)
  switch (option.kind) {
    case 'text':
      return text
    case 'texts':
      return text.split(/[\s,]+/).filter(part => part !== '')
    case 'count':
    case 'seconds': {
      const number = readNumber(text, option)
      if (typeof number === 'number') return number
      throw wrong(number.problem)
    }
    default: {
      const word = text.toLowerCase()
      if (!YES.includes(word) && !NO.includes(word)) throw wrong(say`must be 1 or 0`)
      return YES.includes(word) === (option.kind === 'on')
    }
  }
}
