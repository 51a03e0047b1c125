/** The built program as people run it: in a real pseudo-terminal, or piped. */
import { type ChildProcess, spawn as spawnChild } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn as spawnPty } from '@lydell/node-pty'
import { Terminal } from '@xterm/headless'
import { onTestFinished } from 'vitest'
import { giveModernWidths } from './cell-width.ts'
import type { Host } from './netns.ts'
import { columnsOf, type Run, rowsOf, runsOf } from './screen-cells.ts'

export const CLI = join(import.meta.dirname, '../../dist/cli.js')

/** Options for a program that keeps to loopback. */
export const LOOPBACK_ARGS = ['--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0']

/** How long a wait goes on before it fails and shows what there was. Only a failing test gets there. */
const PATIENCE_MS = 15_000

export interface ProgramOptions {
  columns?: number
  rows?: number
  /** Replaces the home directory, an empty one that is gone after the test. */
  home?: string
  env?: Readonly<Record<string, string>>
  /** The network namespace it runs in; its own otherwise. */
  host?: Host
  /** Words of a command line to put before the program's own, e.g. a shell that says how it left the terminal. */
  under?: readonly string[]
}

/** An empty home directory that is gone after the test. */
export function emptyHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'p2p-tui-home-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  return home
}

/** The environment of a person's shell: nothing in it of the test run. */
function environment({ home = emptyHome(), env = {} }: ProgramOptions): Record<string, string> {
  const { PATH = '' } = process.env
  return { PATH, HOME: home, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env }
}

function commandLine(args: readonly string[], { host, under = [] }: ProgramOptions): [string, string[]] {
  const words = [...(host?.prefix() ?? []), ...under, process.execPath, CLI, ...args]
  return [words[0] as string, words.slice(1)]
}

/** The program on a terminal. Ended with the test. */
export class ScreenProgram {
  readonly #terminal: Terminal
  readonly #pty: ReturnType<typeof spawnPty>
  /** Every byte that reached the terminal. */
  output = ''
  /** Settles when the program has ended. */
  readonly ended: Promise<{ exitCode: number; signal?: number }>

  constructor(args: readonly string[], options: ProgramOptions = {}) {
    const { columns = 120, rows = 40 } = options
    this.#terminal = new Terminal({ cols: columns, rows, allowProposedApi: true })
    giveModernWidths(this.#terminal)
    const [command, words] = commandLine(args, options)
    const env = environment(options)
    this.#pty = spawnPty(command, words, { cols: columns, rows, env, name: env.TERM ?? 'xterm-256color' })
    this.#pty.onData(data => {
      this.output += data
      this.#terminal.write(data)
    })
    // What the program asks its terminal (e.g. where the cursor stands) is answered as a terminal would.
    this.#terminal.onData(answer => this.#pty.write(answer))
    // The emulator parses later than it is written to: what was said last must be on the screen by then.
    this.ended = new Promise(resolve =>
      this.#pty.onExit(exit => this.#terminal.write('', () => resolve(exit))),
    )
    onTestFinished(() => this.kill('SIGKILL'))
  }

  get pid(): number {
    return this.#pty.pid
  }

  screen(): string[] {
    return rowsOf(this.#terminal)
  }

  runs(y: number): Run[] {
    return runsOf(this.#terminal, y)
  }

  /** Where the terminal's own cursor stands, from 0 at the top left. */
  get cursor(): { x: number; y: number } {
    const { cursorX: x, cursorY: y } = this.#terminal.buffer.active
    return { x, y }
  }

  /** The columns of a row in which a character stands. */
  columnsOf(character: string, y: number): number[] {
    return columnsOf(this.#terminal, character, y)
  }

  /** True while the program holds the alternate screen. */
  get alternateScreen(): boolean {
    return this.#terminal.buffer.active.type === 'alternate'
  }

  /** Types each argument as one chunk. */
  press(...chunks: string[]): void {
    for (const chunk of chunks) this.#pty.write(chunk)
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
    this.#terminal.resize(columns, rows)
    this.#pty.resize(columns, rows)
  }

  kill(signal: string): void {
    try {
      this.#pty.kill(signal)
    } catch {
      // It has ended already.
    }
  }

  /** Waits until the screen holds a text, matches (rows joined by line breaks) or satisfies a condition. */
  waitFor(wanted: string | RegExp | ((rows: string[]) => boolean)): Promise<void> {
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
      const listener = this.#terminal.onWriteParsed(() => shows() && end(resolve))
      const timer = setTimeout(
        () => end(() => reject(new Error(`not on screen: ${wanted}\n${this.screen().join('\n')}`))),
        PATIENCE_MS,
      )
    })
  }
}

/** The program with pipes. Ended with the test. */
export class PipedProgram {
  readonly child: ChildProcess
  stdout = ''
  stderr = ''
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  readonly #waiting = new Set<() => void>()

  constructor(args: readonly string[], options: ProgramOptions = {}) {
    const [command, words] = commandLine(args, options)
    this.child = spawnChild(command, words, { env: environment(options), stdio: 'pipe' })
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text
      for (const look of this.#waiting) look()
    })
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
    })
    this.ended = new Promise(resolve => this.child.once('close', (code, signal) => resolve({ code, signal })))
    onTestFinished(() => void this.child.kill('SIGKILL'))
  }

  /** The lines of JSON that came so far. */
  events(): Record<string, unknown>[] {
    const lines = this.stdout.split('\n').slice(0, -1)
    return lines.filter(line => line !== '').map(line => JSON.parse(line) as Record<string, unknown>)
  }

  /** The first event of a type that matches, of those that came or will come. */
  event(type: string, matches: (event: Record<string, unknown>) => boolean = () => true) {
    return new Promise<Record<string, unknown>>((resolve, reject) => {
      const look = (): void => {
        const found = this.events().find(event => event.type === type && matches(event))
        if (found === undefined) return
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve(found)
      }
      const giveUp = (): void => reject(new Error(`no ${type} came:\n${this.stdout}\n${this.stderr}`))
      const timer = setTimeout(giveUp, PATIENCE_MS)
      this.#waiting.add(look)
      look()
      void this.ended.then(giveUp)
    })
  }
}
