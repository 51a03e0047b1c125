/** What a command is: data from which the command bar, keys, help, completion, the command line and docs are made. */
import type { Clock } from '../core/clock.ts'
import type { Failure } from '../core/failure.ts'
import type { NodePort } from '../core/port.ts'
import type { SafeText } from '../core/safe-text.ts'
import type { ScreenAction } from '../store/screen/reduce-screen.ts'
import type { ScreenState } from '../store/screen/screen-state.ts'
import type { SwarmState } from '../store/swarm/state.ts'
import type { Answer, AnswerType } from './answers/answer-schema.ts'
import type { KeyBinding } from './keys.ts'

/**
 * What a parameter's value is: decides how it is checked and how it is completed. `listening`: an address that the node
 * listens on; `connection`: the id of an open one; `provided`: a CID that the node provides.
 */
export type ParamKind =
  | 'target'
  | 'multiaddr'
  | 'listening'
  | 'connection'
  | 'provided'
  | 'text'
  | 'verb'
  | 'count'
  | 'seconds'
  | readonly string[]

/**
 * What `p2p-tui <verb>` needs beyond a node that can dial. `hearing`: the local network; `listening`: addresses of its
 * own; `somebody`: to connect to; `dht`: one, and somebody to ask; `profile`: its address book alone, and no network.
 */
export type Need = 'hearing' | 'listening' | 'somebody' | 'dht' | 'profile'

/** A positional parameter. */
export interface Param {
  name: string
  kind: ParamKind
  optional?: boolean
  /**
   * Takes all words that are left, as they were typed. Only for the last parameter. Quotes around all of it are dropped,
   * as a shell would, unless they are part of a `query`.
   */
  rest?: boolean | 'query'
  /** Takes all words that are left, each for itself. Only for the last parameter. */
  many?: boolean
  summary: string
}

/** An option, e.g. `-c, --count <n>`. Without `kind` it is a flag. */
export interface Flag {
  name: string
  short?: string
  kind?: ParamKind
  summary: string
  /** `node`: only there while a node goes on running after the command. `oneShot`: only for `p2p-tui <verb>`. */
  only?: 'node' | 'oneShot'
}

/**
 * Values by parameter and option name, checked: counts and seconds are numbers, flags are true, a parameter that takes
 * many words is a list.
 */
export type Args = Readonly<Record<string, string | number | true | readonly string[] | undefined>>

/** One line of a command's answer. */
export interface Reply {
  tone: 'plain' | 'good' | 'warn' | 'bad'
  text: SafeText
  /** The same as data, for --json. Absent: the line is for people alone. */
  data?: Answer
}

/** What a command may use. */
export interface CommandContext {
  port: NodePort
  clock: Clock
  /** Fires when the person cancels. */
  signal: AbortSignal
  swarm(): SwarmState
  /** The peer that `@` means. */
  selected(): SafeText | undefined
  /** Tells the person something while the command runs. */
  reply(reply: Reply): void
  /** Ends the program. */
  quit(): void
  /** Absent when there is no screen. */
  screen?: ScreenControl
  /** Present when the program was started for this one command. */
  oneShot?: OneShotContext
}

/** What a command may use of the words that the program was started with. */
export interface OneShotContext {
  /** How long to wait for a peer that was not heard yet, in ms; 0: only what is known counts. */
  waitForPeerMs: number
  /** Peers to connect to first: `--bootstrap` and `--public`. */
  bootstrap: readonly string[]
  /** Relays to reserve at: `--relay`. */
  relays: readonly string[]
  /** The node asks its peers whether they can dial it back: `--autonat`. */
  autonat: boolean
  /** The node asks the router to forward its ports: `--upnp`. */
  upnp: boolean
}

/** What commands can do to a screen. */
export interface ScreenControl {
  state(): ScreenState
  dispatch(action: ScreenAction): void
  /** The place one past the newest line of the log: what was there before is what `clear` clears. */
  logEnd(): number
  /** Puts text on the clipboard of the terminal's own machine (OSC 52). */
  copy(text: SafeText): void
}

export interface Command {
  verb: string
  aliases?: readonly string[]
  summary: string
  /** More, for `help <verb>` and the docs. */
  details?: string
  params: readonly Param[]
  flags?: readonly Flag[]
  keys?: readonly KeyBinding[]
  examples: readonly string[]
  /**
   * `screen`: needs one. `node`: wherever a node runs, that is on the screen and on lines of input. `both`: that, and
   * `p2p-tui <verb>`. `oneShot`: only `p2p-tui <verb>`.
   */
  where: 'screen' | 'node' | 'both' | 'oneShot'
  /** Of the node that is started for it as `p2p-tui <verb>`. */
  needs?: readonly Need[]
  /** What it answers with as data, in the order in which it does. Absent: nothing. */
  answers?: readonly AnswerType[]
  /**
   * Does it. What it has to say goes to `context.reply`.
   *
   * @throws {RequestFailed} when it could not be done
   */
  run(args: Args, context: CommandContext): Promise<void>
}

/** Words that are no command: which part is wrong, and how it should read. */
export interface UsageError {
  failure: Failure
  usage: SafeText
}
