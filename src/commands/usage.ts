/** How a command reads, in a line. */
import { joinSafe, type SafeText, safeText, say } from '../core/safe-text.ts'
import type { Command, Flag, Need, Param } from './command.ts'

/** Where a command is typed: on the screen, on lines of input to a node without one, or to start the program. */
export type Place = 'screen' | 'lines' | 'oneShot'

/** What `p2p-tui <verb>` needs, and how it is given. */
export const NEEDS: Readonly<Record<Need, SafeText>> = {
  hearing: say`It needs mDNS, so not --no-mdns.`,
  listening: say`Meanwhile the node listens, as --listen says.`,
  somebody: say`It needs somebody to connect to: a target, --bootstrap <multiaddr> or --relay <multiaddr>.`,
  dht: say`It needs a DHT and somebody of it to ask: --dht <which> with --bootstrap <multiaddr>, or --public. Without --bootstrap, peers on the local network are asked.`,
  profile: say`As p2p-tui <verb> it reads and writes the address book of the profile without going online, and not while another copy runs on that profile.`,
}

/** The options that a command has there. */
export function flagsAt(command: Command, place: Place): readonly Flag[] {
  return (command.flags ?? []).filter(
    ({ only }) => only === undefined || (only === 'oneShot') === (place === 'oneShot'),
  )
}

/** Is the command one there? */
export function isAt(command: Command, place: Place): boolean {
  if (place === 'oneShot') return command.where === 'oneShot' || command.where === 'both'
  if (place === 'screen') return command.where !== 'oneShot'
  return command.where === 'node' || command.where === 'both'
}

/** A parameter as usage lines show it: `<target>`, `[text...]`. */
export function paramUsage({ name, optional, rest, many }: Param): SafeText {
  const shown = rest || many ? `${name}...` : name
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
