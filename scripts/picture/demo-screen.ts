import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from '@lydell/node-pty'
import xterm, { type Terminal } from '@xterm/headless'
import { type Cell, cellsOf } from './cells.ts'

const CLI = join(import.meta.dirname, '../../dist/cli.js')
/** The demo is a different one each time: some take longer to show what is waited for. */
const PATIENCE_MS = 120_000

/** `p2p-tui --demo`, as built, on a terminal of its own. */
export class DemoScreen {
  readonly #terminal: Terminal
  readonly #pty: ReturnType<typeof spawn>
  readonly #home = mkdtempSync(join(tmpdir(), 'p2p-tui-picture-'))
  readonly #ended: Promise<void>

  constructor(columns: number, rows: number) {
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
    const { PATH = '' } = process.env
    const env = { PATH, HOME: this.#home, TERM: 'xterm-256color', LANG: 'C.UTF-8' }
    this.#pty = spawn(process.execPath, [CLI, '--demo'], { cols: columns, rows, env, name: env.TERM })
    this.#pty.onData(data => this.#terminal.write(data))
    this.#terminal.onData(answer => this.#pty.write(answer))
    this.#ended = new Promise(resolve => this.#pty.onExit(() => resolve()))
  }

  cells(): Cell[][] {
    return cellsOf(this.#terminal)
  }

  /** The rows as text. */
  rows(): string[] {
    return this.cells().map(row => row.map(({ text }) => text).join(''))
  }

  press(keys: string): void {
    this.#pty.write(keys)
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows)
    this.#pty.resize(columns, rows)
  }

  /** @throws when the screen does not come to show it */
  async waitFor(shows: (rows: string[]) => boolean): Promise<void> {
    if (shows(this.rows())) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const listener = this.#terminal.onWriteParsed(() => shows(this.rows()) && resolve())
    const timer = setTimeout(() => {
      reject(new Error(`Not on screen: ${shows}\n${this.rows().join('\n')}`))
    }, PATIENCE_MS)
    try {
      await promise
    } finally {
      clearTimeout(timer)
      listener.dispose()
    }
  }

  /** Ends the program, and removes what it was given as its home. */
  async close(): Promise<void> {
    this.press('q')
    await this.#ended
    this.#terminal.dispose()
    rmSync(this.#home, { recursive: true, force: true })
  }
}
