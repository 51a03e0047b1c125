import type { PeerId } from '@libp2p/interface'
import type { Cancel, Clock } from '../../core/clock.ts'
import type { NewEvent } from '../../core/events.ts'
import { safeText } from '../../core/safe-text.ts'
import { placeOf, sharedBits } from './places.ts'

/** What was heard within so many ms is told together. */
const TOGETHER_MS = 5_000
/** More than a routing table holds; what would be more waits for the next time it is heard. */
const MOST_TOLD = 2_000

/** What freshness is told with. */
export interface FreshnessParts {
  clock: Clock
  self: PeerId
  /** The routing table as it was told. */
  table(): { has(peerId: string): boolean; values(): Iterable<{ bucket: number }> }
  emit: (event: NewEvent) => void
}

/**
 * When each peer of the routing table was heard last (it answered us, or asked us something), and when a lookup went
 * through each bucket. Told now and then in one event, however much happens.
 */
export class Freshness {
  readonly #parts: FreshnessParts
  readonly #own: Uint8Array
  readonly #heard = new Map<string, number>()
  readonly #buckets = new Map<number, number>()
  #cancel: Cancel | undefined

  constructor(parts: FreshnessParts) {
    this.#parts = parts
    this.#own = placeOf(parts.self)
  }

  /** A peer of the DHT has shown that it is there. */
  heard(peerId: PeerId): void {
    if (this.#heard.size >= MOST_TOLD) return
    this.#heard.set(peerId.toString(), this.#parts.clock.now())
    this.#tellSoon()
  }

  /** A lookup arrived at this place in the key space: its bucket has met whoever is there. */
  arrived(goal: Uint8Array): void {
    this.#buckets.set(sharedBits(this.#own, goal), this.#parts.clock.now())
    this.#tellSoon()
  }

  stop(): void {
    this.#cancel?.()
  }

  #tellSoon(): void {
    this.#cancel ??= this.#parts.clock.after(TOGETHER_MS, () => this.#tell())
  }

  #tell(): void {
    this.#cancel = undefined
    const table = this.#parts.table()
    const heard = [...this.#heard]
      .filter(([peerId]) => table.has(peerId))
      .map(([peerId, at]) => ({ peerId: safeText(peerId), at }))
    // What is closer than everybody we know, ourselves first of all, is of the closest bucket there is.
    const closest = Math.max(0, ...[...table.values()].map(({ bucket }) => bucket))
    const ages = new Map([...this.#buckets].map(([bucket, at]) => [Math.min(bucket, closest), at]))
    const buckets = [...ages].map(([bucket, at]) => ({ bucket, at }))
    this.#heard.clear()
    this.#buckets.clear()
    if (heard.length + buckets.length > 0) this.#parts.emit({ type: 'routing:refreshed', heard, buckets })
  }
}
