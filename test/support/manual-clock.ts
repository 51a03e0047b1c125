import type { Cancel, Clock } from '../../src/core/clock.ts'

interface Timer {
  at: number
  periodMs: number | undefined
  task: () => void
}

/** A clock that stands still until the test moves it. */
export class ManualClock implements Clock {
  #elapsed = 0
  #timers = new Set<Timer>()
  readonly #epoch: number

  constructor(epoch = Date.UTC(2026, 0, 1, 12)) {
    this.#epoch = epoch
  }

  now(): number {
    return this.#epoch + Math.floor(this.#elapsed)
  }

  monotonic(): number {
    return this.#elapsed
  }

  after(delayMs: number, task: () => void): Cancel {
    return this.#add({ at: this.#elapsed + delayMs, periodMs: undefined, task })
  }

  every(periodMs: number, task: () => void): Cancel {
    return this.#add({ at: this.#elapsed + periodMs, periodMs, task })
  }

  /** Lets `ms` pass: timers due on the way run in order, each at its own moment. */
  advance(ms: number): void {
    const until = this.#elapsed + ms
    for (;;) {
      const next = [...this.#timers].filter(t => t.at <= until).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#elapsed = Math.max(this.#elapsed, next.at)
      if (next.periodMs === undefined) this.#timers.delete(next)
      else next.at += Math.max(next.periodMs, 0.001)
      next.task()
    }
    this.#elapsed = until
  }

  /** {@link advance}, letting promises settle between steps of `stepMs`. */
  async advanceAsync(ms: number, stepMs = ms): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      this.advance(Math.min(stepMs, left))
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  /** How many timers wait: a leak shows here. */
  get pending(): number {
    return this.#timers.size
  }

  #add(timer: Timer): Cancel {
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }
}
