import type { WriteStream } from 'node:tty'
import type { Cancel, Clock } from '../../../core/clock.ts'
import type { TerminalLine } from '../../../ui/screen/terminal-line.ts'
import { type Answer, STATUS_QUESTION, SYNCHRONISED_QUESTION } from './answers.ts'
import { SendWindow } from './send-window.ts'

/** What a terminal has that does not say how large it is. */
const USUAL = { columns: 80, rows: 24 }

/** How long the end waits for an answer that is on its way, beyond two round trips of the line. */
const PATIENCE_MS = 200
const MOST_PATIENCE_MS = 500

/**
 * The line to the terminal behind a stream: free when the stream has taken everything and the terminal has acknowledged
 * enough of it (see {@link SendWindow}).
 */
export class StdoutLine implements TerminalLine {
  readonly #stdout: WriteStream
  readonly #clock: Clock
  readonly #window = new SendWindow()
  readonly #waiting = new Set<() => void>()
  #busy = false
  #listening = false
  #synchronised = false
  #cancelLook: Cancel = () => {}

  constructor(stdout: WriteStream, clock: Clock) {
    this.#stdout = stdout
    this.#clock = clock
  }

  get columns(): number {
    return this.#stdout.columns || USUAL.columns
  }

  get rows(): number {
    return this.#stdout.rows || USUAL.rows
  }

  get free(): boolean {
    // Who cannot hear answers cannot wait for them.
    return this.#stdout.writableLength === 0 && (!this.#listening || this.#window.open)
  }

  get synchronised(): boolean {
    return this.#synchronised
  }

  send(bytes: string): void {
    this.#window.sent(Buffer.byteLength(bytes))
    this.#write(bytes + (this.#isDue() ? this.#question() : ''))
    this.#lookLater()
  }

  onFree(listener: () => void): Cancel {
    this.#waiting.add(listener)
    return () => this.#waiting.delete(listener)
  }

  /**
   * A terminal that became smaller and large again before the signal came has lost what it showed, and is as large as
   * before: Node tells nobody then.
   */
  onResize(listener: () => void): Cancel {
    let told = false
    const resized = () => {
      told = true
      listener()
    }
    // Node's own listener came first, and has told of another size by now.
    const signalled = () => {
      if (!told) listener()
      told = false
    }
    this.#stdout.on('resize', resized)
    process.on('SIGWINCH', signalled)
    return () => {
      this.#stdout.off('resize', resized)
      process.off('SIGWINCH', signalled)
    }
  }

  /** Asks the terminal whether it knows synchronised output, and for its first acknowledgement. */
  ask(): void {
    this.#window.sent(SYNCHRONISED_QUESTION.length)
    this.#write(SYNCHRONISED_QUESTION + this.#question())
    this.#lookLater()
  }

  /** How many milliseconds the answers that have not come are worth waiting for at the end; 0 if there are none. */
  get patienceMs(): number {
    if (this.#window.unanswered === 0) return 0
    return Math.min(MOST_PATIENCE_MS, PATIENCE_MS + 2 * (this.#window.roundTripMs ?? 0))
  }

  /** Takes in what the terminal has answered. */
  answered(answers: readonly Answer[]): void {
    for (const answer of answers) {
      if (answer === 'status') this.#window.answered(this.#clock.monotonic())
      else this.#synchronised = answer === 'synchronised'
    }
    this.#look()
  }

  /** Says whether answers come here. While the terminal is somebody else's, nothing is asked. */
  listen(listening: boolean): void {
    this.#listening = listening
    this.#window.reset()
    this.#look()
  }

  /** Counts a question's bytes and gives them. */
  #question(): string {
    this.#window.sent(STATUS_QUESTION.length)
    this.#window.asked(this.#clock.monotonic())
    return STATUS_QUESTION
  }

  #write(bytes: string): void {
    this.#stdout.write(bytes, this.#taken)
    if (!this.free) this.#busy = true
  }

  readonly #taken = (): void => {
    if (this.#busy) this.#look()
  }

  /** Asks if it is time to, and tells those who wait for a free line. */
  readonly #look = (): void => {
    // A terminal that has not even taken the last question needs no further one.
    if (this.#stdout.writableLength > 0) return
    if (this.#isDue()) this.#write(this.#question())
    this.#lookLater()
    // Whoever drew now would draw on a shell's screen.
    if (!this.#listening || !this.#busy || !this.free) return
    this.#busy = false
    for (const listener of [...this.#waiting]) listener()
  }

  #isDue(): boolean {
    return this.#listening && this.#window.dueInMs(this.#clock.monotonic()) === 0
  }

  #lookLater(): void {
    this.#cancelLook()
    const dueInMs = this.#window.dueInMs(this.#clock.monotonic())
    if (this.#listening && dueInMs !== undefined) this.#cancelLook = this.#clock.after(dueInMs, this.#look)
  }
}
