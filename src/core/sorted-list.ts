import { firstPlace } from './first-place.ts'

/** A chunk of more items is cut in two. Moving so few in memory takes less time than looking for the place. */
const MOST_IN_CHUNK = 256

/** An order of items: negative when `a` comes first, zero only for one and the same item. */
export type Order<T> = (a: T, b: T) => number

/**
 * Items in order, with their ranks: thousands of them can be listed from any row on, while some come, go and move.
 * Adding, removing and finding cost the logarithm of the length and a chunk. What an item is ordered by must not change
 * while it is listed.
 */
export class SortedList<T> {
  readonly #order: Order<T>
  /** Never empty ones, in order. */
  #chunks: T[][] = []
  #length: number

  /** @param items in order already */
  constructor(order: Order<T>, items: readonly T[] = []) {
    this.#order = order
    this.#length = items.length
    for (let from = 0; from < items.length; from += MOST_IN_CHUNK / 2) {
      this.#chunks.push(items.slice(from, from + MOST_IN_CHUNK / 2))
    }
  }

  get length(): number {
    return this.#length
  }

  /** Adds an item that is not in the list. */
  add(item: T): void {
    // Behind all others it goes into the last chunk.
    const place = Math.min(this.#chunkFor(item), this.#chunks.length - 1)
    const chunk = this.#chunks[place]
    this.#length += 1
    if (chunk === undefined) {
      this.#chunks.push([item])
      return
    }
    chunk.splice(this.#firstNotBefore(chunk, item), 0, item)
    if (chunk.length > MOST_IN_CHUNK) this.#chunks.splice(place + 1, 0, chunk.splice(MOST_IN_CHUNK / 2))
  }

  /** Removes an item; false when it is not in the list. */
  remove(item: T): boolean {
    const place = this.#chunkFor(item)
    const chunk = this.#chunks[place]
    if (chunk === undefined) return false
    const at = this.#firstNotBefore(chunk, item)
    if (this.#order(chunk[at] as T, item) !== 0) return false
    chunk.splice(at, 1)
    this.#length -= 1
    if (chunk.length === 0) this.#chunks.splice(place, 1)
    else this.#joinNext(place)
    this.#joinNext(place - 1)
    return true
  }

  /** The rank of an item, from 0; -1 when it is not in the list. */
  indexOf(item: T): number {
    const place = this.#chunkFor(item)
    const chunk = this.#chunks[place]
    if (chunk === undefined) return -1
    const at = this.#firstNotBefore(chunk, item)
    if (this.#order(chunk[at] as T, item) !== 0) return -1
    let rank = at
    for (let before = 0; before < place; before += 1) rank += this.#chunks[before]?.length ?? 0
    return rank
  }

  /** Items from one rank up to but not including another. */
  slice(from = 0, to = this.#length): T[] {
    const items: T[] = []
    let rank = 0
    for (const chunk of this.#chunks) {
      if (rank >= to) break
      if (rank + chunk.length > from) {
        items.push(...chunk.slice(Math.max(0, from - rank), to - rank))
      }
      rank += chunk.length
    }
    return items
  }

  /** One chunk of two neighbours that fill half of one: many that hold little would be as slow as many items. */
  #joinNext(place: number): void {
    const chunk = this.#chunks[place]
    const next = this.#chunks[place + 1]
    if (chunk === undefined || next === undefined) return
    if (chunk.length + next.length <= MOST_IN_CHUNK / 2) this.#chunks.splice(place, 2, [...chunk, ...next])
  }

  /** The first chunk that does not end before an item. */
  #chunkFor(item: T): number {
    return firstPlace(
      0,
      this.#chunks.length,
      place => this.#order(this.#chunks[place]?.at(-1) as T, item) >= 0,
    )
  }

  #firstNotBefore(chunk: readonly T[], item: T): number {
    return firstPlace(0, chunk.length, place => this.#order(chunk[place] as T, item) >= 0)
  }
}
