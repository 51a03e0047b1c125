/**
 * A real terminal emulator under an Ink app, in this process: what the app writes is parsed by xterm, and tests ask
 * what is on the screen, in which style, and where the cursor stands.
 *
 *     const terminal = await renderInTerminal(<Peers />, { columns: 80, rows: 24 })
 *     await terminal.press('j', keys.enter)
 *     expect(terminal.screen()[3]).toBe('Peer ID  12D3KooW…')
 *     expect(terminal.runs(0)).toEqual([{ text: 'peers', style: 'bold' }])
 *     await terminal.waitFor('connected')
 *
 * Nothing sleeps: `press`, `rerender` and `resize` return when the frame that they caused has been parsed; `waitFor`
 * looks again each time the terminal has parsed something. Terminals are closed after each test.
 */
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Terminal } from '@xterm/headless'
import { type Instance, render } from 'ink'
import type { ReactNode } from 'react'
import { afterEach } from 'vitest'
import { ScreenOutput } from '../../src/ui/screen/screen-output.ts'
import { giveModernWidths } from './cell-width.ts'
import { FakeStdin, FakeStdout, lineTo } from './fake-tty.ts'
import { PATIENCE_MS } from './patience.ts'
import { type Picture, pictureOf, type Run, rowsOf, runsOf } from './screen-cells.ts'

export { keys } from './keys.ts'

/** Rounds after which {@link TestTerminal.flush} no longer waits for a screen that never stands still. */
const MOST_ROUNDS = 10

export interface TerminalOptions {
  /** @default 80 */
  columns?: number
  /** @default 24 */
  rows?: number
  /** False: Ink writes no colours and no bold, as with NO_COLOR. Holds for the whole process. @default true */
  colour?: boolean
  /** @default true */
  alternateScreen?: boolean
  /** Who brings Ink's frames to the terminal: our screen, or Ink by itself, every frame whole or line by line. @default 'screen' */
  writer?: 'screen' | 'ink' | 'ink-incremental'
  /** Ink ends on Ctrl-C before the app sees it. @default false */
  exitOnCtrlC?: boolean
}

export interface Cursor {
  /** Column and row from 0 at the top left. */
  x: number
  y: number
  visible: boolean
}

type Wanted = string | RegExp | ((rows: string[]) => boolean)

/** Renders into a new terminal and waits for the first frame. */
export async function renderInTerminal(
  element: ReactNode,
  options: TerminalOptions = {},
): Promise<TestTerminal> {
  inksChalk.level = options.colour === false ? 0 : 1
  const terminal = new TestTerminal(element, options)
  open.add(terminal)
  await terminal.flush()
  return terminal
}

export class TestTerminal {
  readonly instance: Instance
  /** Settles when the app has ended: with what it gave to `exit()`, or rejects with its error. */
  readonly exited: Promise<unknown>
  readonly #terminal: Terminal
  readonly #stdin = new FakeStdin()
  readonly #stdout: FakeStdout
  #cursorVisible = true

  constructor(element: ReactNode, options: TerminalOptions) {
    const { columns = 80, rows = 24 } = options
    this.#terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true })
    giveModernWidths(this.#terminal)
    this.#watchCursor('h', true)
    this.#watchCursor('l', false)
    this.#stdout = new FakeStdout(
      columns,
      rows,
      text => new Promise(done => this.#terminal.write(text, done)),
    )
    const { writer = 'screen' } = options
    const stdout = writer === 'screen' ? new ScreenOutput(lineTo(this.#stdout)) : this.#stdout
    this.instance = render(element, {
      stdout: stdout as unknown as NodeJS.WriteStream,
      stdin: this.#stdin as unknown as NodeJS.ReadStream,
      // In CI Ink would draw the last frame only.
      interactive: true,
      alternateScreen: options.alternateScreen ?? true,
      incrementalRendering: writer === 'ink-incremental',
      exitOnCtrlC: options.exitOnCtrlC ?? false,
      patchConsole: false,
      maxFps: 1000,
    })
    this.exited = this.instance.waitUntilExit()
    // A test that does not look at `exited` must not die of it.
    this.exited.catch(() => undefined)
  }

  /** The rows on screen without blanks at their ends. */
  screen(): string[] {
    return rowsOf(this.#terminal)
  }

  /** One row, 0 at the top, as runs of cells that look alike. */
  runs(y: number): Run[] {
    return runsOf(this.#terminal, y)
  }

  cursor(): Cursor {
    const { cursorX: x, cursorY: y } = this.#terminal.buffer.active
    return { x, y, visible: this.#cursorVisible }
  }

  /** Everything that can be seen, to be compared with another terminal's. */
  picture(): Picture {
    return pictureOf(this.#terminal, this.#cursorVisible)
  }

  /** Every byte that reached the terminal since the start. */
  output(): string {
    return this.#stdout.written
  }

  /** True while the app asks for pastes to be marked as such. */
  get bracketedPaste(): boolean {
    return this.#terminal.modes.bracketedPasteMode
  }

  /** Types each argument as one chunk (see {@link keys}; 'abc\r' is one chunk too) and waits for the screen after each. */
  async press(...chunks: string[]): Promise<void> {
    for (const chunk of chunks) {
      this.#stdin.type(chunk)
      await this.flush()
    }
  }

  /** Replaces what is rendered and waits for the frame. */
  async rerender(element: ReactNode): Promise<void> {
    this.instance.rerender(element)
    await this.flush()
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.flush()
    this.#terminal.resize(columns, rows)
    Object.assign(this.#stdout, { columns, rows })
    this.#stdout.emit('resize')
    await this.flush()
  }

  /**
   * Waits until what React has been told so far is on the screen: until a whole round of React, Ink and xterm has
   * written nothing more. React queues what a key does not cause (a timer, a resize, an effect) for a later turn, so
   * one round is not enough.
   */
  async flush(): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const before = this.#stdout.written.length
      await turn()
      await turn()
      await this.instance.waitUntilRenderFlush()
      // An ended app flushes nothing; its last bytes may still be on their way.
      await new Promise<void>(done => this.#stdout.write('', () => done()))
      if (this.#stdout.written.length === before) return
    }
  }

  /** Waits until the screen holds a text, matches (rows joined by line breaks) or satisfies a condition. */
  async waitFor(wanted: Wanted): Promise<void> {
    if (this.#shows(wanted)) return
    await new Promise<void>((done, fail) => {
      const end = (settle: () => void) => {
        clearTimeout(timer)
        listener.dispose()
        settle()
      }
      const listener = this.#terminal.onWriteParsed(() => this.#shows(wanted) && end(done))
      const timer = setTimeout(
        () => end(() => fail(new Error(`not on screen: ${wanted}\n${this.screen().join('\n')}`))),
        PATIENCE_MS,
      )
    })
  }

  /** Ends the app, as the end of each test does. */
  close(): void {
    open.delete(this)
    this.instance.unmount()
    this.instance.cleanup()
  }

  #shows(wanted: Wanted): boolean {
    const rows = this.screen()
    if (typeof wanted === 'function') return wanted(rows)
    const text = rows.join('\n')
    return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)
  }

  #watchCursor(final: 'h' | 'l', visible: boolean): void {
    this.#terminal.parser.registerCsiHandler({ prefix: '?', final }, params => {
      if (params.includes(25)) this.#cursorVisible = visible
      return false
    })
  }
}

function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

// Each app that Ink renders waits for the end of this process, which renders hundreds of them.
process.setMaxListeners(0)

const open = new Set<TestTerminal>()

afterEach(() => {
  for (const terminal of open) terminal.close()
})

/*
 * Ink takes its colours from the chalk in its own dependencies, which decides once, at import, by the environment of
 * whoever runs the tests. Setting FORCE_COLOR here would come too late when a test imports a view first.
 */
const chalkPath = createRequire(import.meta.resolve('ink')).resolve('chalk')
const { default: inksChalk } = (await import(pathToFileURL(chalkPath).href)) as {
  default: { level: 0 | 1 | 2 | 3 }
}
