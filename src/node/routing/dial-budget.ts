import type { PeerId } from '@libp2p/interface'
import type { Clock } from '../../core/clock.ts'
import { safeText, say } from '../../core/safe-text.ts'
import type { Excess } from '../limits/node-limits.ts'

/** So many addresses of one peer are dialed because somebody named them. */
export const MOST_OF_ONE_PEER = 8
/** So many addresses are dialed within a minute because one peer named them; one that answers counts once. */
export const MOST_OF_ONE_REFERRER = 96
/** So many addresses one query dials. */
export const MOST_OF_ONE_QUERY = 256
const MINUTE_MS = 60_000

/** What a budget works with. */
export interface DialBudgetParts {
  clock: Clock
  exceeded(excess: Excess): void
}

/**
 * How many addresses the DHT may have us dial. Whoever answers a query names twenty peers with as many addresses as it
 * likes, all of which may be those of one victim.
 */
export class DialBudget {
  readonly #parts: DialBudgetParts
  /** Dials of this minute by who named the addresses. */
  readonly #dials = new Map<string, number>()
  #since = 0

  constructor(parts: DialBudgetParts) {
    this.#parts = parts
  }

  /** The budget of one query, which is part of this one. */
  query(): QueryBudget {
    return new QueryBudget(this.#parts, this)
  }

  /** How many more this peer may cause. */
  left(referrer: PeerId): number {
    const now = this.#parts.clock.monotonic()
    if (now - this.#since >= MINUTE_MS) {
      this.#dials.clear()
      this.#since = now
    }
    return Math.max(0, MOST_OF_ONE_REFERRER - (this.#dials.get(referrer.toString()) ?? 0))
  }

  /** Counts dials; below zero: some of those were none. */
  count(referrer: PeerId, dials: number): void {
    const key = referrer.toString()
    this.#dials.set(key, Math.max(0, (this.#dials.get(key) ?? 0) + dials))
  }
}

/** Dials for one peer that were counted. */
export interface Spent {
  /** How many of the addresses that were named may be dialed. */
  addresses: number
  /** To be called once it has answered: it took one dial. */
  answered(): void
}

/** What one query may dial. */
export class QueryBudget {
  readonly #parts: DialBudgetParts
  readonly #all: DialBudget
  #left = MOST_OF_ONE_QUERY

  constructor(parts: DialBudgetParts, all: DialBudget) {
    this.#parts = parts
    this.#all = all
  }

  /**
   * Asks to dial one peer.
   *
   * @param named how many addresses somebody names that were not known
   * @param known how many are in the address book, and are dialed too
   * @param referrer who named them; undefined: the routing table
   * @returns undefined: it is not to be dialed, which is told
   */
  take(named: number, known: number, referrer: PeerId | undefined): Spent | undefined {
    const may = referrer === undefined ? MOST_OF_ONE_PEER : this.#all.left(referrer)
    const addresses = Math.min(named, MOST_OF_ONE_PEER, may)
    const dials = addresses + known
    if (dials === 0) {
      if (named > 0) this.#tell(referrer)
      return undefined
    }
    if (dials > this.#left) {
      this.#tell(undefined)
      return undefined
    }
    this.#count(referrer, dials)
    return { addresses, answered: () => this.#count(referrer, 1 - dials) }
  }

  #count(referrer: PeerId | undefined, dials: number): void {
    this.#left -= dials
    if (referrer !== undefined) this.#all.count(referrer, dials)
  }

  #tell(referrer: PeerId | undefined): void {
    this.#parts.exceeded({
      limit: 'referredDials',
      action: 'refused',
      ...(referrer !== undefined && { peerId: safeText(referrer.toString()) }),
      reason:
        referrer === undefined
          ? say`a DHT query dials at most ${MOST_OF_ONE_QUERY} addresses`
          : say`too many peers that it named do not answer: at most ${MOST_OF_ONE_REFERRER} of their addresses are dialed a minute`,
    })
  }
}
