/** What is kept for one owner: names of entries, the one put first at the front, and their bytes. */
interface Share {
  readonly sizes: Map<string, number>
  bytes: number
}

/** How much may be kept of all owners together. */
interface Most {
  readonly entries: number
  readonly bytes: number
}

/** Whoever has so many times the average gives way before it is looked who has most. */
const TWICE = 2

/** Who has how much of a store, and who has to give way when it is full. Undefined as an owner is ourselves. */
export class RecordShares {
  readonly #most: Most
  readonly #shares = new Map<string | undefined, Share>()

  constructor(most: Most) {
    this.#most = most
  }

  add(owner: string | undefined, name: string, size: number): void {
    const share = this.#shares.get(owner) ?? { sizes: new Map(), bytes: 0 }
    this.#shares.set(owner, share)
    share.sizes.set(name, size)
    share.bytes += size
  }

  remove(owner: string | undefined, name: string): void {
    const share = this.#shares.get(owner)
    const size = share?.sizes.get(name)
    if (share === undefined || size === undefined) return
    share.sizes.delete(name)
    share.bytes -= size
    if (share.sizes.size === 0) this.#shares.delete(owner)
  }

  /**
   * The entry that goes to make room for one of `owner`: that owner's own oldest, if it has more than twice the average,
   * or else the oldest of whoever has most. So whoever floods the store drives out itself. Ours go last.
   */
  oldest(owner: string | undefined): string | undefined {
    const own = this.#weight(owner)
    const isLarge = owner !== undefined && own > TWICE / this.#shares.size
    return this.#firstOf(isLarge ? owner : this.#largest())
  }

  #largest(): string | undefined {
    let largest: string | undefined
    let most = 0
    for (const owner of this.#shares.keys()) {
      const weight = this.#weight(owner)
      if (owner === undefined || weight <= most) continue
      largest = owner
      most = weight
    }
    return largest
  }

  /** The part of the whole store that somebody has, by entries or by bytes, whichever is more. */
  #weight(owner: string | undefined): number {
    const { sizes, bytes } = this.#shares.get(owner) ?? { sizes: new Map(), bytes: 0 }
    return Math.max(sizes.size / this.#most.entries, bytes / this.#most.bytes)
  }

  #firstOf(owner: string | undefined): string | undefined {
    return this.#shares.get(owner)?.sizes.keys().next().value
  }
}
