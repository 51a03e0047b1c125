import type { Cancel, Clock } from '../../core/clock.ts'

/** Timers that can all be ended at once. */
export class Timers {
  readonly #clock: Clock
  readonly #running = new Set<Cancel>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  after(delayMs: number, task: () => void): Cancel {
    const stop = this.#clock.after(delayMs, () => {
      this.#running.delete(cancel)
      task()
    })
    const cancel = this.#cancelling(stop)
    return cancel
  }

  every(periodMs: number, task: () => void): Cancel {
    return this.#cancelling(this.#clock.every(periodMs, task))
  }

  clear(): void {
    for (const cancel of [...this.#running]) cancel()
  }

  #cancelling(stop: Cancel): Cancel {
    const cancel = (): void => {
      stop()
      this.#running.delete(cancel)
    }
    this.#running.add(cancel)
    return cancel
  }
}
