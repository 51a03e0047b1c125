import { Readable } from 'node:stream'
import type { ReadStream } from 'node:tty'
import type { Cancel, Clock } from '../../../core/clock.ts'
import { type Answer, takeAnswers } from './answers.ts'
import { PasteLimit } from './paste-limit.ts'

/** Escape alone is a key, which must not feel late: so long it is kept to see whether it begins an answer. */
const ESCAPE_MS = 20
/** More of an answer than that is no key. */
const BEGINNING_MS = 250

export interface AnsweringOptions {
  stdin: ReadStream
  clock: Clock
  /** How many milliseconds the answers that have not come are to be waited for; 0 where none is expected. */
  patienceMs(): number
  /** Called once for all answers that arrive together. */
  onAnswers(answers: readonly Answer[]): void
  /** Called when answers begin to come here (true), and when they no longer do. */
  onListening(listening: boolean): void
}

/**
 * What is typed at a terminal, without the answers of the terminal itself: whoever reads keys would take one that arrives
 * in two pieces for Escape and text. Stands in for the terminal's own stream; it is read from in raw mode only, as the
 * system would echo answers otherwise.
 */
export class AnsweringStdin extends Readable {
  readonly isTTY = true
  readonly #options: AnsweringOptions
  readonly #paste = new PasteLimit()
  #raw = false
  #rest = ''
  #cancelRest: Cancel = () => {}
  #cancelWait: Cancel = () => {}
  #whenHandedBack: (() => void)[] = []
  #handingBack = false

  constructor(options: AnsweringOptions) {
    super()
    this.#options = options
    options.stdin.setEncoding('utf8')
    // The terminal hung up: no answer will come.
    options.stdin.once('end', () => {
      this.push(null)
      if (this.#handingBack) this.#handBack()
    })
  }

  /** On at once. Off when the last answer is in or no longer waited for, or the shell would get to see it. */
  setRawMode(on: boolean): this {
    this.#cancelWait()
    this.#handingBack = false
    if (on) this.#take()
    else if (this.#raw) {
      const patienceMs = this.#options.patienceMs()
      this.#handingBack = true
      if (patienceMs === 0 || this.#options.stdin.readableEnded) this.#handBack()
      else this.#cancelWait = this.#options.clock.after(patienceMs, () => this.#handBack())
    }
    return this
  }

  /** Settles when the terminal is no longer in raw mode and nothing is read from it. */
  handedBack(): Promise<void> {
    if (!this.#raw) return Promise.resolve()
    return new Promise(resolve => this.#whenHandedBack.push(resolve))
  }

  ref(): this {
    this.#options.stdin.ref()
    return this
  }

  unref(): this {
    this.#options.stdin.unref()
    return this
  }

  /** Nothing to do: what is typed comes by itself. */
  override _read(): void {}

  #take(): void {
    if (this.#raw) return
    this.#options.stdin.setRawMode(true)
    this.#raw = true
    this.#options.stdin.on('data', this.#receive)
    this.#options.stdin.resume()
    this.#options.onListening(true)
  }

  #handBack(): void {
    this.#cancelWait()
    this.#handingBack = false
    this.#raw = false
    this.#pass()
    this.#options.stdin.off('data', this.#receive)
    this.#options.stdin.pause()
    try {
      this.#options.stdin.setRawMode(false)
    } catch {
      // A terminal that is gone has no modes any more; that it is gone shows elsewhere.
    }
    this.#options.onListening(false)
    for (const resolve of this.#whenHandedBack.splice(0)) resolve()
  }

  readonly #receive = (chunk: string): void => {
    this.#cancelRest()
    const { keys, answers, rest } = takeAnswers(this.#rest + chunk)
    this.#rest = ''
    this.#type(keys)
    if (answers.length > 0) this.#options.onAnswers(answers)
    this.#keep(rest)
    if (this.#handingBack && this.#options.patienceMs() === 0) this.#handBack()
  }

  /** Waits for the rest of what may be an answer, if one is expected. */
  #keep(rest: string): void {
    this.#rest = rest
    if (rest === '') return
    if (this.#options.patienceMs() === 0) this.#pass()
    else
      this.#cancelRest = this.#options.clock.after(rest.length > 1 ? BEGINNING_MS : ESCAPE_MS, () =>
        this.#pass(),
      )
  }

  #pass(): void {
    this.#cancelRest()
    this.#type(this.#rest)
    this.#rest = ''
  }

  #type(keys: string): void {
    const passed = this.#paste.pass(keys)
    if (passed !== '') this.push(passed)
  }
}
