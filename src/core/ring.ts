/**
 * The latest `capacity` items of an endless sequence, addressed by their place in that sequence (the first ever is 0),
 * so that a reader's place stays valid while older items fall out. Constant cost, fixed memory.
 */
export class Ring<T> {
  readonly capacity: number
  #slots: (T | undefined)[] = []
  #start = 0
  #end = 0

  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1)
      throw new RangeError('capacity must be a positive integer')
    this.capacity = capacity
  }

  /** Place of the oldest item still held. */
  get start(): number {
    return this.#start
  }

  /** One past the place of the newest item: how many were ever pushed. */
  get end(): number {
    return this.#end
  }

  get length(): number {
    return this.#end - this.#start
  }

  /** Adds an item; the oldest falls out when the ring is full. */
  push(item: T): void {
    this.#slots[this.#end % this.capacity] = item
    this.#end += 1
    if (this.length > this.capacity) this.#start += 1
  }

  /** The item at a place, undefined when it has fallen out or is not there yet. */
  at(place: number): T | undefined {
    return place < this.#start || place >= this.#end ? undefined : this.#slots[place % this.capacity]
  }

  /** Items from one place up to but not including another, those still held. */
  slice(from: number, to = this.#end): T[] {
    const items: T[] = []
    const last = Math.min(to, this.#end)
    for (let place = Math.max(from, this.#start); place < last; place += 1) {
      items.push(this.#slots[place % this.capacity] as T)
    }
    return items
  }

  /** Removes and returns up to `most` of the oldest items. */
  take(most = this.length): T[] {
    const items = this.slice(this.#start, this.#start + most)
    for (let n = 0; n < items.length; n += 1) {
      this.#slots[this.#start % this.capacity] = undefined
      this.#start += 1
    }
    return items
  }

  /** Drops everything; places go on counting. */
  clear(): void {
    this.#slots = []
    this.#start = this.#end
  }
}
