/** What a command is: data from which the command bar, keys, help, completion, the command line and docs are made. */
import type { Clock } from '../core/clock.ts'
import type { Failure } from '../core/failure.ts'
import type { NodePort } from '../core/port.ts'
import type { SafeText } from '../core/safe-text.ts'
import type { ScreenAction, ScreenState } from '../store/screen/screen-state.ts'
import type { SwarmState } from '../store/swarm/state.ts'

/** What a parameter's value is: decides how it is checked and how it is completed. */
export type ParamKind = 'target' | 'multiaddr' | 'text' | 'verb' | 'count' | 'seconds' | readonly string[]

/** A positional parameter. */
export interface Param {
  name: string
  kind: ParamKind
  optional?: boolean
  /** Takes all words that are left, joined by blanks. Only for the last parameter. */
  rest?: boolean
  summary: string
}

/** An option, e.g. `-c, --count <n>`. Without `kind` it is a flag. */
export interface Flag {
  name: string
  short?: string
  kind?: ParamKind
  summary: string
  /** Only there when the program was started for this one verb. */
  oneShotOnly?: boolean
}

/** Values by parameter and option name, checked: counts and seconds are numbers, flags are true. */
export type Args = Readonly<Record<string, string | number | true | undefined>>

/** Panes in which a key works; `any` where no text is being typed. */
export type KeyContext = 'any' | 'peers' | 'log' | 'peer' | 'event' | 'help'

/** A key (as in {@link KeyName}) that runs a command. */
export interface KeyBinding {
  keys: readonly string[]
  where: readonly KeyContext[]
  /** What the key line says: one or two words. */
  label: string
  /** The command line that the key stands for; `@` is the selected peer. Ends in a blank: opens the bar with it. */
  line: string
  /** Lower comes first on the key line; absent: only in help. */
  rank?: number
  /** Ends or deletes something. */
  dangerous?: boolean
}

/** One line of a command's answer. */
export interface Reply {
  tone: 'plain' | 'good' | 'warn' | 'bad'
  text: SafeText
  /** The same as data, for --json. */
  data?: Readonly<Record<string, unknown>>
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
  /** Absent when there is no screen. */
  screen?: ScreenControl
}

/** What commands can do to a screen. */
export interface ScreenControl {
  state(): ScreenState
  dispatch(action: ScreenAction): void
  /** Puts text on the clipboard of the terminal's own machine (OSC 52). */
  copy(text: SafeText): void
  quit(): void
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
  /** `screen`: needs one. `oneShot`: also `p2p-tui <verb>`. */
  where: 'screen' | 'oneShot' | 'both'
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
