import { whyIdle } from '../../commands/idle-key.ts'
import { type Binding, bindingFor, type KeyAction, type KeyName } from '../../commands/keys.ts'
import { BINDINGS } from '../../commands/registry.ts'
import { quit } from '../../commands/verbs/quit.ts'
import { safeText } from '../../core/safe-text.ts'
import { placeOf } from '../../store/screen/places.ts'
import type { View } from '../../store/screen/screen-state.ts'
import { selectionOf } from '../../store/selectors/selection.ts'
import { type InkKey, keyLabel, keyPresses } from '../key-map.ts'
import { layoutOf } from '../layout-of.ts'
import { dialThrough, goBack, openDetails, togglePause } from './actions.ts'
import { holdListSelection } from './list-moving.ts'
import { move } from './moving.ts'
import type { Session } from './session.ts'

/** What keys do: to the line that is being typed, or as commands. */
export class Keyboard {
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  /**
   * One Ink event, which may hold several keys. The one that opens or closes the bar decides who gets the rest: a slow
   * line brings ":dial x", Enter and "jj" in one read.
   */
  input(input: string, key: InkKey): void {
    const { bar, store } = this.#session
    if (store.screen.bar !== undefined && !isRedraw(input, key)) {
      const rest = bar.input(input, key)
      if (rest !== '') this.input(rest, {})
      return
    }
    for (const { name, rest } of keyPresses(input, key)) {
      this.#press(name)
      if (store.screen.bar === undefined) continue
      if (rest !== '') this.input(rest, {})
      return
    }
  }

  #press(name: KeyName): void {
    const binding = bindingFor(name, this.#session.situation(), BINDINGS)
    if (binding === undefined) this.#sayIdle(name)
    if (binding === undefined || !this.#allows(binding)) return
    this.#holdSelection()
    if ('action' in binding) ACTIONS[binding.action](this.#session)
    else if (binding.asks !== undefined) this.#session.bar.ask(binding.line, safeText(binding.asks))
    else if (binding.line.endsWith(' ')) this.#session.bar.openCommand(binding.line)
    else this.#session.run(binding.line)
  }

  /** A key that does nothing says why, unless that would hide what went wrong. */
  #sayIdle(name: KeyName): void {
    const { store } = this.#session
    if (store.screen.notice?.tone === 'bad') return
    const text = whyIdle(name, safeText(keyLabel(name)), this.#session.situation(), BINDINGS)
    store.dispatch({ type: 'notice', notice: { tone: 'plain', text } })
  }

  /** On a screen with room for nothing, what a key does would not be seen: only leaving is left. */
  #allows(binding: Binding): boolean {
    return layoutOf(this.#session).kind !== 'too-small' || ('line' in binding && binding.line === quit.verb)
  }

  /** From the first key on the selection stays on its peer. */
  #holdSelection(): void {
    const { store } = this.#session
    const { view } = store.screen
    if (view !== 'main') {
      holdListSelection(this.#session, view)
      return
    }
    const selection = selectionOf(store)
    if (store.screen.peers.selected !== undefined || selection === undefined) return
    store.dispatch({ type: 'peers:select', ...selection, top: store.screen.peers.top })
  }
}

const ACTIONS: Readonly<Record<KeyAction, (session: Session) => void>> = {
  'focus:next': otherPane,
  'focus:previous': otherPane,
  'move:up': session => move(session, 'up'),
  'move:down': session => move(session, 'down'),
  'move:pageUp': session => move(session, 'pageUp'),
  'move:pageDown': session => move(session, 'pageDown'),
  'move:first': session => move(session, 'first'),
  'move:last': session => move(session, 'last'),
  open: openDetails,
  back: goBack,
  bar: session => session.bar.openCommand(''),
  filter: session => session.bar.openFilter(placeOf(session.store.screen)),
  pause: togglePause,
  redraw: session => session.redraw(),
  'view:main': session => show(session, 'main'),
  'view:connections': session => show(session, 'connections'),
  'view:routing': session => show(session, 'routing'),
  'view:relays': session => show(session, 'relays'),
  'dial:through': dialThrough,
}

/** Something else has written to the terminal: that is to be mended whatever is being typed. */
function isRedraw(input: string, key: InkKey): boolean {
  return keyPresses(input, key)[0]?.name === 'ctrl+l'
}

function show({ store }: Session, view: View): void {
  store.dispatch({ type: 'view', view })
}

function otherPane({ store }: Session): void {
  store.dispatch({ type: 'focus', pane: store.screen.focus === 'peers' ? 'log' : 'peers' })
}
