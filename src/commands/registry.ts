/** All commands: verbs, keys, help, completion, the command line and the docs come from this list. */
import { connectionsAlone } from './alone/connections.ts'
import { peersAlone } from './alone/peers.ts'
import { relaysAlone } from './alone/relays.ts'
import { routingAlone } from './alone/routing.ts'
import type { Command } from './command.ts'
import { ACTION_KEYS, type Binding } from './keys.ts'
import { isAt, type Place } from './usage.ts'
import { clear } from './verbs/clear.ts'
import { close } from './verbs/close.ts'
import { closest } from './verbs/closest.ts'
import { connections } from './verbs/connections.ts'
import { copy } from './verbs/copy.ts'
import { dial } from './verbs/dial.ts'
import { discover } from './verbs/discover.ts'
import { filter } from './verbs/filter.ts'
import { find } from './verbs/find.ts'
import { forget } from './verbs/forget.ts'
import { get } from './verbs/get.ts'
import { hangup } from './verbs/hangup.ts'
import { helpCommand } from './verbs/help.ts'
import { id } from './verbs/id.ts'
import { keep } from './verbs/keep.ts'
import { limits } from './verbs/limits.ts'
import { listen } from './verbs/listen.ts'
import { name } from './verbs/name.ts'
import { peers } from './verbs/peers.ts'
import { ping } from './verbs/ping.ts'
import { provide } from './verbs/provide.ts'
import { providers } from './verbs/providers.ts'
import { providing } from './verbs/providing.ts'
import { put } from './verbs/put.ts'
import { quit } from './verbs/quit.ts'
import { relays } from './verbs/relays.ts'
import { reserve } from './verbs/reserve.ts'
import { routing } from './verbs/routing.ts'
import { sort } from './verbs/sort.ts'
import { unlisten } from './verbs/unlisten.ts'
import { withdraw } from './verbs/withdraw.ts'

/** In the order in which help shows them. A verb may be there twice: what it does alone is another thing. */
export const COMMANDS: readonly Command[] = [
  dial,
  ping,
  hangup,
  close,
  keep,
  name,
  forget,
  listen,
  unlisten,
  reserve,
  id,
  peers,
  peersAlone,
  connections,
  connectionsAlone,
  limits,
  routing,
  routingAlone,
  relays,
  relaysAlone,
  discover,
  find,
  closest,
  provide,
  providing,
  withdraw,
  providers,
  put,
  get,
  filter,
  sort,
  copy,
  clear,
  helpCommand(() => COMMANDS),
  quit,
]

/** All keys, those of commands and those that are none. */
export const BINDINGS: readonly Binding[] = [
  ...COMMANDS.flatMap(command => command.keys ?? []),
  ...ACTION_KEYS,
]

/** The commands that there are in a place. */
export function commandsAt(place: Place): readonly Command[] {
  return COMMANDS.filter(command => isAt(command, place))
}

/** The command of a verb or of another name for it. */
export function findCommand(word: string, place: Place): Command | undefined {
  return commandsAt(place).find(({ verb, aliases = [] }) => verb === word || aliases.includes(word))
}
