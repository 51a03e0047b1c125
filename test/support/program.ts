/** The built program as people run it: in a real pseudo-terminal, or piped. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Host } from './netns.ts'
import { PATIENCE_MS } from './patience.ts'
import { PtyScreen } from './pty-screen.ts'

export const CLI = join(import.meta.dirname, '../../dist/cli.js')

/** Options for a program that keeps to loopback. */
export const LOOPBACK_ARGS = ['--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0']

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
export class ScreenProgram extends PtyScreen {
  constructor(args: readonly string[], options: ProgramOptions = {}) {
    const { columns = 120, rows = 40 } = options
    const [command, words] = commandLine(args, options)
    super({ command, args: words, env: environment(options), columns, rows })
    onTestFinished(() => this.kill('SIGKILL'))
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
    this.child = spawn(command, words, { env: environment(options), stdio: 'pipe' })
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
