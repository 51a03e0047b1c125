import { completeFilter, completeLine } from '../../commands/complete.ts'
import { hintFor } from '../../commands/hint.ts'
import { LOG_KEYS, PEER_KEYS } from '../../core/filter-subjects.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Pane } from '../../store/screen/screen-state.ts'
import type { Completion } from '../../ui/line-editor/state.ts'
import type { Session } from './session.ts'

/** The line at the bottom in which commands and filters are typed. */
export class Bar {
  readonly #session: Session
  /** The filter that Esc brings back. */
  #before = ''

  constructor(session: Session) {
    this.#session = session
  }

  get #open() {
    return this.#session.store.screen.bar
  }

  openCommand(text: string): void {
    const { store } = this.#session
    store.dispatch({ type: 'bar:open', mode: 'command', pane: store.screen.focus, text })
  }

  openFilter(pane: Pane): void {
    const { store } = this.#session
    this.#before = store.screen[pane].filter
    store.dispatch({ type: 'bar:open', mode: 'filter', pane, text: this.#before })
  }

  /**
   * What came in the same read as the key that opened the bar. Returns what is left after the line, when it held a
   * whole one; undefined when all of it is in the bar now.
   */
  typeAhead(text: string): string | undefined {
    const bar = this.#open
    if (bar === undefined || text === '') return undefined
    const end = text.search(/[\r\n]/)
    const line = safeText(bar.text + (end < 0 ? text : text.slice(0, end)), 4096)
    if (end < 0) {
      this.#session.store.dispatch({ type: 'bar:open', mode: bar.mode, pane: bar.pane, text: line })
      this.change(line)
      return undefined
    }
    this.submit(line)
    return text.slice(end + 1)
  }

  /** The line has changed: a filter filters as it is typed. */
  change(line: SafeText): void {
    const bar = this.#open
    if (bar?.mode === 'filter') {
      this.#session.store.dispatch({ type: 'filter', pane: bar.pane, filter: line })
    }
  }

  /** Enter: runs the command, keeps the filter. */
  submit(line: SafeText): void {
    const bar = this.#open
    if (bar === undefined) return
    this.#session.store.dispatch({ type: 'bar:close' })
    if (bar.mode === 'filter') {
      this.#session.store.dispatch({ type: 'filter', pane: bar.pane, filter: line.trim() })
    } else if (line.trim() !== '') {
      this.#session.enter(line)
    }
  }

  /** Esc: leaves; a filter is again what it was before. */
  leave(): void {
    const bar = this.#open
    if (bar === undefined) return
    this.#session.store.dispatch({ type: 'bar:close' })
    if (bar.mode === 'filter') {
      this.#session.store.dispatch({ type: 'filter', pane: bar.pane, filter: this.#before })
    }
  }

  /** What Tab offers. */
  complete(line: SafeText, cursor: number): Completion {
    const bar = this.#open
    if (bar?.mode === 'filter') {
      return completeFilter(line, cursor, bar.pane === 'peers' ? PEER_KEYS : LOG_KEYS)
    }
    return completeLine(line, cursor, {
      place: 'screen',
      swarm: this.#session.store.swarm,
      selected: this.#session.selected(),
    })
  }

  /** What to say while the line stands there. */
  hint(line: SafeText): SafeText {
    if (this.#open?.mode !== 'filter') {
      return line.trim() === ''
        ? say`Tab lists commands, Up brings back earlier lines, Esc leaves`
        : hintFor(line, 'screen')
    }
    return say`words, -without, key:value, rtt>20  (Tab shows the keys)`
  }
}
