/**
 * Chance that comes out the same for the same seed: the 32-bit generator mulberry32. Good enough to look alive, and
 * for nothing that must not be guessed.
 */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** At least 0, below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  /** At least `from`, below `to`. */
  between(from: number, to: number): number {
    return from + this.next() * (to - from)
  }

  /** A whole number, at least `from`, below `to`. */
  whole(from: number, to: number): number {
    return Math.floor(this.between(from, to))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.whole(0, choices.length)] ?? choices[0]
  }

  /** From the standard normal distribution (Box and Muller's transform). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.whole(0, 256))
  }

  /** A generator of its own: however much one of the two is used, the other goes on as it would have. */
  fork(): Random {
    return new Random(this.next() * 2 ** 32)
  }
}

/** A time in ms with microsecond digits, as a node reports it. */
export function micros(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
