import type { Command, CommandContext, Reply, ScreenControl } from '../../commands/command.ts'
import { parseLine } from '../../commands/line/parse.ts'
import type { Clock } from '../../core/clock.ts'
import { type Failure, RequestFailed } from '../../core/failure.ts'
import type { NodePort } from '../../core/port.ts'
import { type SafeText, safeMessage, safeText, say } from '../../core/safe-text.ts'
import { widthOf } from '../../core/width.ts'
import type { Notice } from '../../store/screen/screen-state.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { Store } from '../../store/store.ts'
import { portNamingDials } from './dial-ids.ts'

export interface CommandRunnerOptions {
  store: Store
  port: NodePort
  clock: Clock
  selected(): SafeText | undefined
  /** How wide an answer may be. */
  columns(): number
  copy?(text: SafeText): void
  quit(): void
}

/** An answer of more lines than this, to a line that was typed, is shown as a text of its own; so is news too wide. */
const LINES_OF_NOTICE = 2
/** Columns before an answer: the sign of its tone. */
const SIGN = 2
/** No more lines of one answer are kept. */
const MOST_LINES = 1000

/** Runs command lines on the screen: answers become notices, errors say what to try next, Esc cancels. */
export class CommandRunner {
  readonly #options: CommandRunnerOptions
  readonly #running = new Map<number, AbortController>()
  readonly #screen: ScreenControl
  #lastId = 0
  /** The command whose failure was shown last. */
  #failedId = 0

  constructor(options: CommandRunnerOptions) {
    this.#options = options
    const { store } = options
    this.#screen = {
      state: () => store.screen,
      dispatch: action => store.dispatch(action),
      logEnd: () => store.log.end,
      copy: text => options.copy?.(text),
    }
  }

  /** Runs a line; what comes of it shows on the screen. `typed`: in the command bar, not by one key. */
  run(line: string, { typed }: { typed: boolean }): void {
    const parsed = parseLine(line, 'screen')
    if (parsed === undefined) return
    if (!parsed.ok) this.#fail(failureNotice(parsed.error.failure), line, typed)
    else void this.#execute(parsed, this.#named(parsed.command, line.trim()), typed)
  }

  /** Cancels the newest command under way; false when there is none left to cancel. */
  cancel(): boolean {
    const newest = [...this.#running.values()].findLast(({ signal }) => !signal.aborted)
    newest?.abort()
    return newest !== undefined
  }

  /** Cancels all of them. */
  close(): void {
    for (const controller of this.#running.values()) controller.abort()
  }

  async #execute(
    { command, args }: Extract<ReturnType<typeof parseLine>, { ok: true }>,
    line: SafeText,
    typed: boolean,
  ): Promise<void> {
    const { store, port, clock, selected, quit } = this.#options
    const controller = new AbortController()
    const lines: Reply[] = []
    const id = ++this.#lastId
    // Who presses a key learns the line that does the same.
    const tell = (notice: Notice) => {
      // What failed since is of more interest than how an older command ended; the log has both.
      if (id >= this.#failedId || store.screen.notice?.tone !== 'bad') {
        this.#notice(typed ? notice : { ...notice, line })
        if (notice.tone === 'bad') this.#failedId = id
      }
    }
    const context: CommandContext = {
      port: portNamingDials(port, dialId => store.dispatch({ type: 'running:dial', id, dialId })),
      clock,
      signal: controller.signal,
      swarm: () => store.swarm,
      selected,
      reply: reply => {
        if (lines.length < MOST_LINES) lines.push(reply)
        tell({ tone: reply.tone, text: reply.text })
      },
      quit,
      screen: this.#screen,
    }
    this.#running.set(id, controller)
    store.dispatch({ type: 'running:add', id, line })
    // The former answer is no answer to this.
    if (typed) this.#notice(undefined)
    else tell({ tone: 'plain', text: say`` })
    const cancelled: Notice = { tone: 'plain', text: say`cancelled: ${line}` }
    try {
      await command.run(args, context)
      if (controller.signal.aborted && lines.length === 0) tell(cancelled)
    } catch (error) {
      const failed = errorNotice(safeText(command.verb), error)
      tell(controller.signal.aborted ? cancelled : failed)
      if (typed && !controller.signal.aborted) this.#showCut(failed, line)
    } finally {
      this.#running.delete(id)
      store.dispatch({ type: 'running:remove', id })
    }
    const fits = lines.length <= LINES_OF_NOTICE && !lines.some(reply => this.#isCut(reply))
    if (typed && !fits && this.#showAll(line, lines)) this.#takeBack(lines)
  }

  /** Only what was asked for, and what went wrong, is worth a text of its own: of good news the first words will do. */
  #isCut({ tone, text }: Pick<Reply, 'tone' | 'text'>): boolean {
    return tone !== 'good' && widthOf(text) >= this.#options.columns() - SIGN
  }

  #fail(notice: Notice, line: string, typed: boolean): void {
    this.#notice(notice)
    if (typed) this.#showCut(notice, safeText(line.trim()))
  }

  /** A failure that its two lines have no room for, as a text of its own. */
  #showCut({ tone, text, hint }: Notice, title: SafeText): void {
    const lines = [text, ...(hint === undefined ? [] : [hint])].map(line => ({ tone, text: line }))
    if (lines.some(line => this.#isCut(line))) this.#showAll(title, lines)
  }

  /** Its last line is on the screen now: below it would be a line without its sense. What failed after it stays. */
  #takeBack(lines: readonly Reply[]): void {
    if (this.#options.store.screen.notice?.text === lines.at(-1)?.text) this.#notice(undefined)
  }

  /** @returns false: the person is elsewhere */
  #showAll(title: SafeText, lines: readonly Reply[]): boolean {
    const { store } = this.#options
    // Whoever has gone on to something else in the meantime is not to be interrupted.
    if (store.screen.bar !== undefined || store.screen.overlays.length > 0) return false
    const notices = lines.map(({ tone, text }): Notice => ({ tone, text }))
    store.dispatch({ type: 'overlay:open', overlay: { kind: 'text', title, lines: notices, scroll: 0 } })
    return true
  }

  /**
   * The line with the peer that `@` means in its place: by the time it is read another may be selected. Where `@` is
   * no peer, as with `close`, it stays.
   */
  #named({ params }: Command, line: string): SafeText {
    const selected = this.#options.selected()
    if (selected === undefined || !params.some(({ kind }) => kind === 'target')) return safeText(line)
    const name = shownName(this.#options.store.swarm, selected)
    const word = /\s/.test(name) ? `"${name}"` : name
    return safeText(line.replace(/(?<=\s)@(?=\s|$)/, () => word))
  }

  #notice(notice: Notice | undefined): void {
    this.#options.store.dispatch({ type: 'notice', notice })
  }
}

function failureNotice({ cause, hint }: Failure): Notice {
  return { tone: 'bad', text: cause, hint }
}

function errorNotice(verb: SafeText, error: unknown): Notice {
  if (error instanceof RequestFailed) {
    const { stage, cause, hint } = error.failure
    return { tone: 'bad', text: say`${verb} failed at ${safeText(stage)}: ${cause}`, hint }
  }
  return {
    tone: 'bad',
    text: say`${verb} failed: ${safeMessage(error)}`,
    hint: say`This is a fault of p2p-tui; please report it`,
  }
}
