import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A line that an actor has printed: JSON with its type. */
export interface ActorLine {
  type: string
  [field: string]: unknown
}

interface Waiting {
  matches: (line: ActorLine) => boolean
  resolve: (line: ActorLine) => void
  reject: (error: Error) => void
}

/**
 * A program that talks in JSON lines: tells what it sees on standard output, is told what to do on standard input.
 * Waiting ends with what is waited for, with the program, or with the test; there are no time-outs of its own.
 */
export class Actor {
  /** Everything it has said. */
  readonly lines: ActorLine[] = []
  readonly #child: ChildProcess
  readonly #waiting = new Set<Waiting>()
  /** Where reading goes on, by type. */
  readonly #read = new Map<string, number>()
  #errors = ''
  #ended: Error | undefined

  constructor(child: ChildProcess) {
    this.#child = child
    child.stderr?.on('data', chunk => {
      this.#errors += chunk
    })
    child.stdin?.on('error', () => {})
    createInterface({ input: child.stdout! }).on('line', text => this.#onLine(text))
    child.once('close', (status, signal) => {
      this.#ended = new Error(`the program ended (${status ?? signal}): ${this.#errors}`)
      for (const { reject } of this.#waiting) reject(this.#ended)
    })
  }

  /** The first line of its type, after those read before, for which `matches` holds. */
  next(type: string, matches: (line: ActorLine) => boolean = () => true): Promise<ActorLine> {
    const from = this.#read.get(type) ?? 0
    const wanted = (line: ActorLine) => line.type === type && matches(line)
    const index = this.lines.findIndex((line, at) => at >= from && wanted(line))
    if (index !== -1) {
      this.#read.set(type, index + 1)
      return Promise.resolve(this.lines[index]!)
    }
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    return new Promise((resolve, reject) => this.#waiting.add({ matches: wanted, resolve, reject }))
  }

  tell(command: object): void {
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`)
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Settles with the exit status, or the signal, once the program has ended. */
  async end(): Promise<number | string> {
    if (this.#ended === undefined) await once(this.#child, 'close')
    return this.#child.exitCode ?? this.#child.signalCode ?? 'unknown'
  }

  #onLine(text: string): void {
    let line: ActorLine
    try {
      line = JSON.parse(text)
    } catch {
      line = { type: 'text', text }
    }
    this.lines.push(line)
    for (const waiting of this.#waiting) {
      if (!waiting.matches(line)) continue
      this.#waiting.delete(waiting)
      this.#read.set(line.type, this.lines.length)
      waiting.resolve(line)
    }
  }
}
