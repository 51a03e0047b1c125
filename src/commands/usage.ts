/** How a command reads, in a line. */
import { joinSafe, type SafeText, safeText } from '../core/safe-text.ts'
import type { Command, Flag, Param } from './command.ts'

/** Where a command is typed: on the screen, on lines of input to a node without one, or to start the program. */
export type Place = 'screen' | 'lines' | 'oneShot'

/** The options that a command has there. */
export function flagsAt(command: Command, place: Place): readonly Flag[] {
  return (command.flags ?? []).filter(flag => place !== 'oneShot' || flag.nodeOnly !== true)
}

/** Is the command one there? */
export function isAt(command: Command, place: Place): boolean {
  if (place === 'oneShot') return command.where === 'oneShot' || command.where === 'both'
  if (place === 'screen') return command.where !== 'oneShot'
  return command.where === 'node' || command.where === 'both'
}

/** A parameter as usage lines show it: `<target>`, `[text...]`. */
export function paramUsage({ name, optional, rest }: Param): SafeText {
  const shown = rest === true ? `${name}...` : name
  return safeText(optional === true ? `[${shown}]` : `<${shown}>`)
}

/** What a parameter is. Only a screen has a peer that is selected. */
export function summaryOf({ kind, summary }: Param, place: Place): SafeText {
  return safeText(kind === 'target' && place === 'screen' ? `${summary}; @ is the selected peer` : summary)
}

/** An option as usage lines show it: `[-c|--count <n>]`. */
export function flagUsage(flag: Flag): SafeText {
  const short = flag.short === undefined ? '' : `-${flag.short}|`
  return safeText(`[${short}--${flag.name}${flag.kind === undefined ? '' : ` ${valueName(flag)}`}]`)
}

/** What stands for the value of an option: `<n>`, `<s>`. */
export function valueName({ kind = 'text' }: Pick<Flag, 'kind'>): string {
  if (typeof kind !== 'string') return `<${kind.join('|')}>`
  return { count: '<n>', seconds: '<s>' }[kind as string] ?? `<${kind}>`
}

/** The whole command: `ping <target> [-c|--count <n>] ...`. */
export function usageOf(command: Command, place: Place): SafeText {
  const flags = flagsAt(command, place).map(flagUsage)
  return joinSafe([safeText(command.verb), ...command.params.map(paramUsage), ...flags], ' ')
}
