import { completeFilter, completeLine } from '../../commands/line/complete.ts'
import { hintFor } from '../../commands/line/hint.ts'
import type { Cancel } from '../../core/clock.ts'
import { FILTER_KEYS } from '../../core/filter-subjects.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import { filterOf, placeOf } from '../../store/screen/places.ts'
import type { FilterPlace } from '../../store/screen/screen-state.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import { lineOf } from '../../ui/line-editor/edit-line.ts'
import { keyToActions, untilEnter } from '../../ui/line-editor/keys.ts'
import { runActions } from '../../ui/line-editor/run.ts'
import { type Action, type Completion, type LineState, startWith } from '../../ui/line-editor/state.ts'
import type { InkKey } from '../key-map.ts'
import type { Session } from './session.ts'

/** The line at the bottom in which commands and filters are typed. */
export class Bar {
  readonly #session: Session
  readonly #listeners = new Set<() => void>()
  #line = startWith()
  /** The filter that Esc brings back. */
  #before = ''
  /** What is said of a line that waits for Enter. */
  #question: { line: string; text: SafeText } | undefined

  constructor(session: Session) {
    this.#session = session
  }

  get #open() {
    return this.#session.store.screen.bar
  }

  /** What stands in the bar. */
  get line(): LineState {
    return this.#line
  }

  /** Calls `listener` after each change of {@link line}. */
  readonly subscribe = (listener: () => void): Cancel => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  openCommand(text: string): void {
    const { store } = this.#session
    this.#question = undefined
    this.#show(startWith(text))
    store.dispatch({ type: 'bar:open', mode: 'command', pane: placeOf(store.screen), text })
  }

  /** A line that is run by Enter alone. `what`: what that does to the selected peer. */
  ask(line: string, what: SafeText): void {
    const { store } = this.#session
    const selected = this.#session.selected()
    const peer = selected === undefined ? say`` : say` ${shownName(store.swarm, selected)}`
    this.#show(startWith(line))
    this.#question = { line, text: say`Enter ${what}${peer}, Esc leaves` }
    store.dispatch({ type: 'bar:open', mode: 'command', pane: placeOf(store.screen), text: '' })
  }

  openFilter(pane: FilterPlace): void {
    const { store } = this.#session
    this.#before = filterOf(store.screen, pane)
    this.#show(startWith(this.#before))
    store.dispatch({ type: 'bar:open', mode: 'filter', pane, text: this.#before })
  }

  /** Keys for the open bar, as Ink hands them over. Returns what was typed after the one that closed it. */
  input(input: string, key: InkKey): string {
    const { line, rest } = untilEnter(input)
    this.#act(keyToActions(line, key))
    return rest
  }

  /** What is pasted is text, even where keys are commands: it waits in the bar, and none of it is a key. */
  paste(text: string): void {
    if (text.trim() === '') return
    if (this.#open === undefined) this.openCommand(text.trim().startsWith('/') ? 'dial ' : '')
    this.#act([{ type: 'paste', text }])
  }

  #act(actions: readonly Action[]): void {
    const bar = this.#open
    if (bar === undefined) return
    const before = lineOf(this.#line)
    const { state, submitted, left } = runActions(this.#line, actions, {
      history: bar.mode === 'command' ? this.#session.history : [],
      complete: (line, cursor) => this.#complete(line, cursor),
    })
    this.#show(state)
    if (submitted !== undefined) this.#submit(submitted)
    else if (left) this.#leave()
    else if (lineOf(state) !== before) this.#changed(lineOf(state))
  }

  #show(line: LineState): void {
    this.#line = line
    for (const listener of this.#listeners) listener()
  }

  /** The line has changed: a filter filters as it is typed. */
  #changed(line: SafeText): void {
    const bar = this.#open
    if (bar?.mode === 'filter') {
      this.#session.store.dispatch({ type: 'filter', pane: bar.pane, filter: line })
    }
  }

  /** Enter: runs the command, keeps the filter. */
  #submit(line: SafeText): void {
    const bar = this.#open
    if (bar === undefined) return
    this.#session.store.dispatch({ type: 'bar:close' })
    if (bar.mode === 'filter') {
      this.#session.store.dispatch({ type: 'filter', pane: bar.pane, filter: line })
    } else if (line !== bar.text.trim()) {
      // Nothing was added to what a key had put there: the person has thought better of it.
      this.#session.enter(line)
    }
  }

  /** Esc: leaves; a filter is again what it was before. */
  #leave(): void {
    const bar = this.#open
    if (bar === undefined) return
    this.#session.store.dispatch({ type: 'bar:close' })
    if (bar.mode === 'filter') {
      this.#session.store.dispatch({ type: 'filter', pane: bar.pane, filter: this.#before })
    }
  }

  /** What Tab offers. */
  #complete(line: SafeText, cursor: number): Completion {
    const bar = this.#open
    if (bar?.mode === 'filter') {
      return completeFilter(line, cursor, FILTER_KEYS[bar.pane])
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
      if (line === this.#question?.line) return this.#question.text
      return line.trim() === ''
        ? say`Tab lists commands, Up brings back earlier lines, Esc leaves`
        : hintFor(line, 'screen')
    }
    return say`words, -without, key:value, rtt>20  (Tab shows the keys)`
  }
}
