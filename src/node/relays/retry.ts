import type { Cancel, Clock } from '../../core/clock.ts'

/** The first pause, and the longest, in ms. */
export const FIRST_PAUSE_MS = 2_000
export const LONGEST_PAUSE_MS = 5 * 60_000

/** Tries something again and again, each pause twice the one before, until it works or is called off. */
export class Retry {
  readonly #clock: Clock
  readonly #attempt: () => Promise<unknown>
  #pauseMs = FIRST_PAUSE_MS
  #cancelTimer: Cancel = () => {}
  #cancelled = false

  /** Begins with a pause. `attempt` has worked when it resolves. */
  constructor(clock: Clock, attempt: () => Promise<unknown>) {
    this.#clock = clock
    this.#attempt = attempt
    this.#pause()
  }

  cancel(): void {
    this.#cancelled = true
    this.#cancelTimer()
  }

  #pause(): void {
    if (this.#cancelled) return
    this.#cancelTimer = this.#clock.after(this.#pauseMs, () => {
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS)
      this.#attempt().catch(() => this.#pause())
    })
  }
}
