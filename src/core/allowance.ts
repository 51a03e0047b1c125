import type { Clock } from './clock.ts'

/** How often something may be done: `burst` times at once, then `perSecond`. A token bucket. */
export class Allowance {
  readonly #clock: Clock
  readonly #burst: number
  readonly #perSecond: number
  #left: number
  #countedAt: number

  constructor(clock: Clock, burst: number, perSecond: number) {
    this.#clock = clock
    this.#burst = burst
    this.#perSecond = perSecond
    this.#left = burst
    this.#countedAt = clock.monotonic()
  }

  /** Takes so many if there are as many. */
  take(amount = 1): boolean {
    this.#count()
    if (this.#left < amount) return false
    this.#left -= amount
    return true
  }

  /** How many may be taken now. */
  get left(): number {
    this.#count()
    return this.#left
  }

  /** Milliseconds until {@link take} succeeds; 0 when it does now. */
  get waitMs(): number {
    this.#count()
    return Math.max(0, Math.ceil(((1 - this.#left) / this.#perSecond) * 1000))
  }

  #count(): void {
    const now = this.#clock.monotonic()
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#countedAt) / 1000) * this.#perSecond)
    this.#countedAt = now
  }
}
