import { Allowance, type Rate } from '../../core/allowance.ts'
import type { Clock } from '../../core/clock.ts'

/** Keys that are kept at once. One that is forgotten has its whole burst again, so only those go that have it anyway. */
const MOST_KEYS = 4_096

/** An allowance for each key, in memory that does not grow with the keys there have ever been. */
export class Rates {
  readonly #clock: Clock
  readonly #rate: Rate
  /** Those used last are at the end. */
  readonly #allowances = new Map<string, Allowance>()

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock
    this.#rate = rate
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#allowances.size
  }

  /** Takes so much from the allowance of a key, if there is so much. Nothing is taken otherwise. */
  take(key: string, amount = 1): boolean {
    const { burst, perSecond } = this.#rate
    const own = this.#allowances.get(key) ?? new Allowance(this.#clock, burst, perSecond)
    this.#allowances.delete(key)
    if (this.#allowances.size >= MOST_KEYS) this.#forget()
    this.#allowances.set(key, own)
    return own.take(amount)
  }

  /** Forgets all that are full by now, and the one unused for longest where none is. */
  #forget(): void {
    for (const [key, { share }] of this.#allowances) {
      if (share < 1) break
      this.#allowances.delete(key)
    }
    if (this.#allowances.size < MOST_KEYS) return
    const [oldest] = this.#allowances.keys()
    if (oldest !== undefined) this.#allowances.delete(oldest)
  }
}
