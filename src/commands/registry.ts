/** All commands: verbs, keys, help, completion, the command line and the docs come from this list. */
import { connectionsAlone } from './alone/connections.ts'
import { peersAlone } from './alone/peers.ts'
import { relaysAlone } from './alone/relays.ts'
import { routingAlone } from './alone/routing.ts'
import { clear } from './clear.ts'
import { close } from './close.ts'
import { closest } from './closest.ts'
import type { Command } from './command.ts'
import { connections } from './connections.ts'
import { copy } from './copy.ts'
import { dial } from './dial.ts'
import { discover } from './discover.ts'
import { filter } from './filter.ts'
import { find } from './find.ts'
import { forget } from './forget.ts'
import { get } from './get.ts'
import { hangup } from './hangup.ts'
import { helpCommand } from './help.ts'
import { id } from './id.ts'
import { keep } from './keep.ts'
import { ACTION_KEYS, type Binding } from './keys.ts'
import { limits } from './limits.ts'
import { listen } from './listen.ts'
import { name } from './name.ts'
import { peers } from './peers.ts'
import { ping } from './ping.ts'
import { provide } from './provide.ts'
import { providers } from './providers.ts'
import { providing } from './providing.ts'
import { put } from './put.ts'
import { quit } from './quit.ts'
import { relays } from './relays.ts'
import { reserve } from './reserve.ts'
import { routing } from './routing.ts'
import { sort } from './sort.ts'
import { unlisten } from './unlisten.ts'
import { isAt, type Place } from './usage.ts'
import { withdraw } from './withdraw.ts'

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
