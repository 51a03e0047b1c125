import type { Cancel, Clock } from '../../core/clock.ts'

/** The first pause, and the longest, in ms. */
export const FIRST_PAUSE_MS = 2_000
export const LONGEST_PAUSE_MS = 5 * 60_000

/** What is tried, and who is told of it. */
export interface RetryOptions {
  clock: Clock
  /** Has worked when it resolves; the signal fires when it is called off. */
  attempt(signal: AbortSignal): Promise<unknown>
  /** Called when a pause begins: how often it was tried, and how long the pause is, in ms. */
  waiting?(attempts: number, pauseMs: number): void
}

/** Tries something again and again, each pause twice the one before, until it works or is called off. */
export class Retry {
  readonly #options: RetryOptions
  #attempts = 0
  #cancelTimer: Cancel = () => {}
  readonly #cancelled = new AbortController()

  /** Begins with a pause. */
  constructor(options: RetryOptions) {
    this.#options = options
    this.#pause()
  }

  cancel(): void {
    this.#cancelled.abort()
    this.#cancelTimer()
  }

  #pause(): void {
    const { signal } = this.#cancelled
    if (signal.aborted) return
    const { clock, attempt, waiting } = this.#options
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** this.#attempts, LONGEST_PAUSE_MS)
    this.#cancelTimer = clock.after(pauseMs, () => {
      this.#attempts += 1
      attempt(signal).catch(() => this.#pause())
    })
    waiting?.(this.#attempts, pauseMs)
  }
}
