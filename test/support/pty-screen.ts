/** A command on a real pseudo-terminal, and what its terminal shows. Knows nothing of tests: the benchmark uses it too. */
import { spawn } from '@lydell/node-pty'
// The package is CommonJS: outside of a bundler its names come with the default export only.
import xterm, { type Terminal } from '@xterm/headless'
import { giveModernWidths } from './cell-width.ts'
import { PATIENCE_MS } from './patience.ts'
import { columnsOf, type Run, rowsOf, runsOf } from './screen-cells.ts'

/** What runs on the pseudo-terminal, and how large that is. */
export interface PtyCommand {
  command: string
  args: readonly string[]
  /** The whole environment. */
  env: Readonly<Record<string, string>>
  columns: number
  rows: number
}

/** What a screen is waited for to show: a text, a pattern (rows joined by line breaks) or a condition on its rows. */
export type Wanted = string | RegExp | ((rows: string[]) => boolean)

/** A command on a pseudo-terminal with an emulator at its other end. */
export class PtyScreen {
  protected readonly terminal: Terminal
  readonly #pty: ReturnType<typeof spawn>
  /** Every byte that reached the terminal. */
  output = ''
  /** Settles when the command has ended and all it said is on the screen. */
  readonly ended: Promise<{ exitCode: number; signal?: number }>

  constructor({ command, args, env, columns, rows }: PtyCommand) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
    giveModernWidths(this.terminal)
    this.#pty = spawn(command, [...args], {
      cols: columns,
      rows,
      env: { ...env },
      name: env.TERM ?? 'xterm-256color',
    })
    this.#pty.onData(data => this.received(data))
    // What the program asks its terminal (e.g. where the cursor stands) is answered as a terminal would.
    this.terminal.onData(answer => this.#pty.write(answer))
    // The emulator parses later than it is written to: what was said last must be on the screen by then.
    this.ended = new Promise(resolve =>
      this.#pty.onExit(exit => this.terminal.write('', () => resolve(exit))),
    )
  }

  get pid(): number {
    return this.#pty.pid
  }

  screen(): string[] {
    return rowsOf(this.terminal)
  }

  runs(y: number): Run[] {
    return runsOf(this.terminal, y)
  }

  /** Where the terminal's own cursor stands, from 0 at the top left. */
  get cursor(): { x: number; y: number } {
    const { cursorX: x, cursorY: y } = this.terminal.buffer.active
    return { x, y }
  }

  /** The columns of a row in which a character stands. */
  columnsOf(character: string, y: number): number[] {
    return columnsOf(this.terminal, character, y)
  }

  /** True while the program holds the alternate screen. */
  get alternateScreen(): boolean {
    return this.terminal.buffer.active.type === 'alternate'
  }

  /** Types each argument as one chunk. */
  press(...chunks: string[]): void {
    for (const chunk of chunks) this.#pty.write(chunk)
  }

  /** Writes over the screen, as a program in the background does. */
  scribble(text: string): void {
    this.terminal.write(text)
  }

  /** Stops reading what the program writes, as a terminal that is suspended or a line that is stuck. */
  pause(): void {
    this.#pty.pause()
  }

  resume(): void {
    this.#pty.resume()
  }

  /** Closes the terminal, as a window that is closed or an SSH line that breaks. */
  hangUp(): void {
    // Not among the types of node-pty, but the only way to close its end and nothing else.
    ;(this.#pty as unknown as { destroy(): void }).destroy()
  }

  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows)
    this.#pty.resize(columns, rows)
  }

  kill(signal: string): void {
    try {
      this.#pty.kill(signal)
    } catch {
      // It has ended already.
    }
  }

  /** Waits until the screen shows what is wanted. */
  waitFor(wanted: Wanted): Promise<void> {
    const shows = (): boolean => {
      const rows = this.screen()
      if (typeof wanted === 'function') return wanted(rows)
      const text = rows.join('\n')
      return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)
    }
    if (shows()) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer)
        listener.dispose()
        settle()
      }
      const listener = this.terminal.onWriteParsed(() => shows() && end(resolve))
      const timer = setTimeout(
        () => end(() => reject(new Error(`not on screen: ${wanted}\n${this.screen().join('\n')}`))),
        PATIENCE_MS,
      )
    })
  }

  /** What came from the command goes to the emulator. */
  protected received(data: string): void {
    this.output += data
    this.terminal.write(data)
  }
}
