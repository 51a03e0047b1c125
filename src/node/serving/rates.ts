import type { Clock } from '../../core/clock.ts'

/** So much at once, then so much a second. */
export interface Rate {
  burst: number
  perSecond: number
}

/** Keys that are kept at once. One that is forgotten has its whole burst again, so only those go that have it anyway. */
const MOST_KEYS = 4_096

interface Bucket {
  left: number
  countedAt: number
}

/** Token buckets, one for each key, in memory that does not grow with the keys there have ever been. */
export class Rates {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #rate: Rate
  readonly #buckets = new Map<string, Bucket>()

  constructor(clock: Pick<Clock, 'monotonic'>, rate: Rate) {
    this.#clock = clock
    this.#rate = rate
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#buckets.size
  }

  /** Takes so much from the bucket of a key, if it holds that. Nothing is taken otherwise. */
  take(key: string, amount = 1): boolean {
    const bucket = this.#filled(key)
    if (bucket.left < amount) return false
    bucket.left -= amount
    return true
  }

  #filled(key: string): Bucket {
    const { burst, perSecond } = this.#rate
    const now = this.#clock.monotonic()
    const bucket = this.#buckets.get(key) ?? { left: burst, countedAt: now }
    // Those that were used last are at the end.
    this.#buckets.delete(key)
    if (this.#buckets.size >= MOST_KEYS) this.#forget(now)
    this.#buckets.set(key, bucket)
    bucket.left = Math.min(burst, bucket.left + ((now - bucket.countedAt) / 1000) * perSecond)
    bucket.countedAt = now
    return bucket
  }

  /** Forgets all that are full by now, and the one unused for longest where none is. */
  #forget(now: number): void {
    const { burst, perSecond } = this.#rate
    const fullAfterMs = (burst / perSecond) * 1000
    for (const [key, { countedAt }] of this.#buckets) {
      if (now - countedAt < fullAfterMs) break
      this.#buckets.delete(key)
    }
    if (this.#buckets.size < MOST_KEYS) return
    const [oldest] = this.#buckets.keys()
    if (oldest !== undefined) this.#buckets.delete(oldest)
  }
}
