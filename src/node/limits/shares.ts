import type { Clock } from '../../core/clock.ts'

/** The rate of one host is counted in windows of so long, in ms. */
const WINDOW_MS = 1_000
/** More hosts that have nothing open are not remembered for their rate: IPv6 has as many as anybody likes. */
const MOST_IDLE = 4_096

/** What belongs to somebody. */
interface Owned {
  readonly share: string
}

interface Share<T> {
  taken: number
  /** Those in their handshake, the oldest first. */
  readonly pending: Set<T>
  windowEnds: number
  knocks: number
}

/** How much each host has of the places for others: connections, handshakes, and how many it begins a second. */
export class Shares<T extends Owned> {
  readonly #clock: Clock
  /** The one that knocked longest ago first. */
  readonly #shares = new Map<string, Share<T>>()
  #taken = 0
  #pending = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Places taken, by all. */
  get taken(): number {
    return this.#taken
  }

  /** Of these, those in their handshake. */
  get pending(): number {
    return this.#pending
  }

  /** How many are known. */
  get size(): number {
    return this.#shares.size
  }

  /** The most that one of them has. */
  get most(): { taken: number; pending: number } {
    const most = { taken: 0, pending: 0 }
    for (const { taken, pending } of this.#shares.values()) {
      most.taken = Math.max(most.taken, taken)
      most.pending = Math.max(most.pending, pending.size)
    }
    return most
  }

  /** Whoever has handshakes under way, and how many. */
  *handshakes(): Generator<[share: string, count: number]> {
    for (const [share, { pending }] of this.#shares) if (pending.size > 0) yield [share, pending.size]
  }

  /** What one has. */
  of(share: string): { taken: number; pending: number } {
    const { taken = 0, pending } = this.#shares.get(share) ?? {}
    return { taken, pending: pending?.size ?? 0 }
  }

  /** One comes. @returns how many have come from there in this second, this one included */
  knocked(share: string): number {
    const known = this.#shares.get(share) ?? { taken: 0, pending: new Set<T>(), windowEnds: 0, knocks: 0 }
    const now = this.#clock.monotonic()
    if (now >= known.windowEnds) {
      known.windowEnds = now + WINDOW_MS
      known.knocks = 0
    }
    known.knocks += 1
    this.#shares.delete(share)
    this.#shares.set(share, known)
    this.#forgetIdle()
    return known.knocks
  }

  /** One takes a place, and begins its handshake. */
  take(place: T): void {
    const share = this.#shares.get(place.share)
    if (share === undefined) throw new Error('Takes a place without a knock')
    share.taken += 1
    share.pending.add(place)
    this.#taken += 1
    this.#pending += 1
  }

  /** One is through its handshake. */
  settled(place: T): void {
    if (this.#shares.get(place.share)?.pending.delete(place)) this.#pending -= 1
  }

  /** One gives its place back. */
  free(place: T): void {
    this.settled(place)
    const share = this.#shares.get(place.share)
    if (share === undefined) return
    share.taken -= 1
    this.#taken -= 1
  }

  /** The oldest handshake of whoever has most of them; undefined where nobody has more than `atLeast`. */
  oldestOfMost(atLeast: number): T | undefined {
    let most: ReadonlySet<T> | undefined
    for (const { pending } of this.#shares.values()) {
      if (pending.size > (most?.size ?? atLeast)) most = pending
    }
    const [oldest] = most ?? []
    return oldest
  }

  /** Drops those that have nothing, the first to have knocked first. */
  #forgetIdle(): void {
    if (this.#shares.size <= MOST_IDLE + this.#taken) return
    for (const [share, { taken }] of this.#shares) {
      if (taken > 0) continue
      this.#shares.delete(share)
      if (this.#shares.size <= MOST_IDLE / 2) return
    }
  }
}
