/** What a person's keys and words do to the screen and the node, without the drawing. */
import type { KeySituation } from '../../commands/keys.ts'
import type { Cancel, Clock } from '../../core/clock.ts'
import { addToHistory, type History } from '../../core/history.ts'
import type { NodePort } from '../../core/port.ts'
import type { SafeText } from '../../core/safe-text.ts'
import { Ticker } from '../../core/ticker.ts'
import { placeOf } from '../../store/screen/places.ts'
import { keepLogFiltered } from '../../store/selectors/log-filter.ts'
import { selectionOf } from '../../store/selectors/selection.ts'
import type { Store } from '../../store/store.ts'
import { type Glyphs, unicodeGlyphs } from '../../ui/glyphs.ts'
import type { InkKey } from '../key-map.ts'
import { selectedRow } from '../list-view/selected-row.ts'
import { Bar } from './bar.ts'
import { CommandRunner } from './command-runner.ts'
import { Keyboard } from './keyboard.ts'
import { expireNotices } from './notice-expiry.ts'

/** What a session works with; what is optional goes without when absent. */
export interface SessionOptions {
  store: Store
  port: NodePort
  clock: Clock
  /** Lines entered in earlier runs, oldest first. */
  history?: History
  /** Keeps a line for later runs; resolves with what to tell when it could not. */
  remember?(line: SafeText): Promise<SafeText | undefined>
  /** Puts text on the clipboard of the person's terminal. */
  copy?(text: SafeText): void
  /** Draws every cell of the terminal again. */
  redraw?(): void
  /** True: it listens for peers on the local network. @default true */
  mdns?: boolean
  /** True: the network is made up. @default false */
  demo?: boolean
  glyphs?: Glyphs
}

/** One person at one screen. */
export class Session {
  readonly store: Store
  readonly clock: Clock
  readonly mdns: boolean
  readonly demo: boolean
  readonly glyphs: Glyphs
  readonly bar: Bar
  /** For what changes as time passes. */
  readonly seconds: Ticker
  /** The size of the screen, for moves by a page. Set by whoever draws. */
  size: { columns: number; rows: number } = { columns: 80, rows: 24 }
  readonly #options: SessionOptions
  readonly #runner: CommandRunner
  readonly #keyboard: Keyboard
  readonly #stopFiltering: Cancel
  readonly #stopExpiring: Cancel
  readonly #quitListeners = new Set<() => void>()
  #history: History

  constructor(options: SessionOptions) {
    this.#options = options
    this.store = options.store
    this.clock = options.clock
    this.seconds = new Ticker(options.clock, 1000)
    this.mdns = options.mdns ?? true
    this.demo = options.demo ?? false
    this.glyphs = options.glyphs ?? unicodeGlyphs
    this.#history = options.history ?? []
    this.#stopFiltering = keepLogFiltered(this.store)
    this.#stopExpiring = expireNotices(this.store, this.clock)
    this.bar = new Bar(this)
    this.#runner = new CommandRunner({
      ...options,
      selected: () => this.selected(),
      columns: () => this.size.columns,
      quit: () => this.quit(),
    })
    this.#keyboard = new Keyboard(this)
  }

  /** Draws the whole screen again: another program has written over it. */
  redraw(): void {
    this.#options.redraw?.()
  }

  /** Lines entered so far, oldest first. */
  get history(): History {
    return this.#history
  }

  /** The peer that `@` means: the one whose details, or an event of which, are open, else the selected row. */
  selected(): SafeText | undefined {
    const top = this.store.screen.overlays.at(-1)
    if (top?.kind === 'peer') return top.peerId
    if (top?.kind === 'event') return this.#peerOfEvent(top.seq)
    const { view } = this.store.screen
    return view === 'main' ? selectionOf(this.store)?.peerId : selectedRow(this.store, view)?.peerId
  }

  #peerOfEvent(seq: number): SafeText | undefined {
    const place = this.store.log.placeOf(seq)
    const entry = place === undefined ? undefined : this.store.log.at(place)
    return entry?.kind === 'event' && 'peerId' in entry.event ? entry.event.peerId : undefined
  }

  /** What decides which keys work right now. */
  situation(): KeySituation {
    const { overlays } = this.store.screen
    const top = overlays.at(-1)
    const context = top === undefined ? placeOf(this.store.screen) : top.kind === 'text' ? 'help' : top.kind
    const peerId = this.selected()
    const peer = peerId === undefined ? undefined : this.store.swarm.peers.get(peerId)
    if (peer === undefined) return { context }
    return {
      context,
      selected: peer.presence === 'connected' ? 'connected' : 'disconnected',
      pinging: peer.pingIntervalMs !== undefined,
      kept: peer.keep !== undefined,
    }
  }

  /** Keys while no text is being typed, as Ink hands them over. */
  input(input: string, key: InkKey): void {
    this.#keyboard.input(input, key)
  }

  /** Runs a command line that a person has typed, and remembers it. */
  enter(line: SafeText): void {
    this.#history = addToHistory(this.#history, line)
    void this.#options.remember?.(line).then(problem => {
      if (problem !== undefined) {
        this.store.dispatch({ type: 'notice', notice: { tone: 'warn', text: problem } })
      }
    })
    this.#runner.run(line, { typed: true })
  }

  /** Runs a command line that a key stands for. */
  run(line: string): void {
    this.#runner.run(line, { typed: false })
  }

  /** Cancels the newest command under way; false when there is none. */
  cancel(): boolean {
    return this.#runner.cancel()
  }

  /** The person wants to leave. */
  quit(): void {
    for (const listener of this.#quitListeners) listener()
  }

  /** Calls `listener` when the person wants to leave. */
  onQuit(listener: () => void): Cancel {
    this.#quitListeners.add(listener)
    return () => this.#quitListeners.delete(listener)
  }

  /** Cancels what is under way. */
  close(): void {
    this.#stopFiltering()
    this.#stopExpiring()
    this.#runner.close()
  }
}
