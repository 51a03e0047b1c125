import type { Cancel, Clock } from '../../core/clock.ts'

/** The first pause, and the longest, in ms. */
export const FIRST_PAUSE_MS = 2_000
export const LONGEST_PAUSE_MS = 5 * 60_000

/** Tries something again and again, each pause twice the one before, until it works or is called off. */
export class Retry {
  readonly #clock: Clock
  readonly #attempt: (signal: AbortSignal) => Promise<unknown>
  #pauseMs = FIRST_PAUSE_MS
  #cancelTimer: Cancel = () => {}
  readonly #cancelled = new AbortController()

  /** Begins with a pause. `attempt` has worked when it resolves; its signal fires when it is called off. */
  constructor(clock: Clock, attempt: (signal: AbortSignal) => Promise<unknown>) {
    this.#clock = clock
    this.#attempt = attempt
    this.#pause()
  }

  cancel(): void {
    this.#cancelled.abort()
    this.#cancelTimer()
  }

  #pause(): void {
    const { signal } = this.#cancelled
    if (signal.aborted) return
    this.#cancelTimer = this.#clock.after(this.#pauseMs, () => {
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS)
      this.#attempt(signal).catch(() => this.#pause())
    })
  }
}
