/** Programs of the benchmark that are no screen. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const PROGRAMS = join(import.meta.dirname, '../programs')

interface ChildOptions {
  args?: readonly string[]
  env?: Readonly<Record<string, string>>
}

/** A program in bench/programs, which ends when its stdin does. Close it, also when measuring fails. */
export class Child implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(name: string, { args = [], env = {} }: ChildOptions = {}) {
    this.#child = spawn(process.execPath, [join(PROGRAMS, `${name}.ts`), ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
      // A session of its own, as a program on a terminal has it: the scheduler may share out time by session.
      detached: true,
    })
    const { stdout } = this.#child
    if (stdout === null) throw new Error('a program without stdout')
    this.#lines = createInterface(stdout)[Symbol.asyncIterator]()
  }

  /** The next line that it says, as JSON. @throws if it ends before */
  async said<T>(): Promise<T> {
    const { done, value } = await this.#lines.next()
    if (done === true) throw new Error('the program ended without a word')
    return JSON.parse(value) as T
  }

  /** Says a line, and hears the next one. @throws as {@link said} */
  async asked<T>(line: string): Promise<T> {
    this.#child.stdin?.write(`${line}\n`)
    return await this.said<T>()
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
