/** Programs of the benchmark that are no screen. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const PROGRAMS = join(import.meta.dirname, '../programs')

/** A program in bench/programs, which ends when its stdin does. Close it, also when measuring fails. */
export class Child implements AsyncDisposable {
  readonly #child: ChildProcess

  constructor(
    name: string,
    { args = [], env = {} }: { args?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
  ) {
    this.#child = spawn(process.execPath, [join(PROGRAMS, `${name}.ts`), ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
      // A session of its own, as a program on a terminal has it: the scheduler may share out time by session.
      detached: true,
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** The first line that it says, as JSON. @throws if it ends without a word */
  async said<T>(): Promise<T> {
    const { stdout } = this.#child
    if (stdout === null) throw new Error('a program without stdout')
    const silent = once(this.#child, 'exit').then(() => {
      throw new Error('it ended without a word')
    })
    const [line] = (await Promise.race([once(createInterface(stdout), 'line'), silent])) as [string]
    return JSON.parse(line) as T
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode } = this.#child
    if (exitCode !== null || signalCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.stdin?.end()
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 3000)
    await ended
    clearTimeout(late)
  }
}
