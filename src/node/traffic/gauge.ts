import type { Traffic } from '../../core/events.ts'
import type { ByteCount } from '../taps/traffic-tap.ts'

/** A quantity of bytes and what was last said of it. */
export class Gauge {
  readonly #count: ByteCount
  #before: ByteCount = { bytesIn: 0, bytesOut: 0 }
  #now: Traffic = { bytesIn: 0, bytesOut: 0, rateIn: 0, rateOut: 0 }
  #told = this.#now

  /** @param count grows with the bytes */
  constructor(count: ByteCount) {
    this.#count = count
  }

  /** Takes the bytes so far and their rate since it was measured last. */
  measure(periodMs: number): void {
    const { bytesIn, bytesOut } = this.#count
    const perSecond = 1000 / Math.max(periodMs, 1)
    this.#now = {
      bytesIn,
      bytesOut,
      rateIn: Math.round((bytesIn - this.#before.bytesIn) * perSecond),
      rateOut: Math.round((bytesOut - this.#before.bytesOut) * perSecond),
    }
    this.#before = { bytesIn, bytesOut }
  }

  /** What was measured last; undefined when nothing differs from what was told before. */
  tell(): Traffic | undefined {
    const { bytesIn, bytesOut, rateIn, rateOut } = this.#now
    const told = this.#told
    this.#told = this.#now
    const same =
      bytesIn === told.bytesIn &&
      bytesOut === told.bytesOut &&
      rateIn === told.rateIn &&
      rateOut === told.rateOut
    return same ? undefined : this.#now
  }

  /** Both at once. */
  sample(periodMs: number): Traffic | undefined {
    this.measure(periodMs)
    return this.tell()
  }
}
