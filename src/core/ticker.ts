import type { Cancel, Clock } from './clock.ts'

/** One timer for all who want to know that some time has passed. It runs only while somebody listens. */
export class Ticker {
  readonly #clock: Clock
  readonly #periodMs: number
  readonly #listeners = new Set<() => void>()
  #stop: Cancel | undefined

  constructor(clock: Clock, periodMs: number) {
    this.#clock = clock
    this.#periodMs = periodMs
  }

  /** The start of the period that it is now, in ms since the epoch: the same value until the next one. */
  now(): number {
    return Math.floor(this.#clock.now() / this.#periodMs) * this.#periodMs
  }

  /** Calls `listener` once in each period. */
  readonly subscribe = (listener: () => void): Cancel => {
    this.#listeners.add(listener)
    this.#stop ??= this.#clock.every(this.#periodMs, () => {
      for (const each of this.#listeners) each()
    })
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      this.#stop?.()
      this.#stop = undefined
    }
  }
}
