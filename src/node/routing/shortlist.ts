import type { PeerId, PeerInfo } from '@libp2p/interface'
import { K } from './limits.ts'
import { compareDistance, distance, placeOf } from './places.ts'

/** How far a lookup is with one peer. */
type State = 'new' | 'asked' | 'answered' | 'failed'

/** A peer on the way of a lookup. */
export interface Candidate {
  readonly peer: PeerInfo
  /** Who named it first; absent: it was there from the start. */
  readonly namedBy?: PeerId
  readonly place: Uint8Array
  readonly distance: Uint8Array
  state: State
}

/** So many peers that were named and not asked yet are remembered, the closest ones: who names them can make them up. */
const MOST_WAITING = 200

/**
 * The peers that a lookup knows of, the closest to its goal first.
 *
 * @see https://github.com/libp2p/specs/blob/master/kad-dht/README.md#peer-routing
 */
export class Shortlist {
  readonly #goal: Uint8Array
  readonly #known: Set<string>
  #candidates: Candidate[] = []

  /**
   * @param goal a place in the key space: SHA-256 of the key
   * @param self never asked
   */
  constructor(goal: Uint8Array, self: PeerId) {
    this.#goal = goal
    this.#known = new Set([self.toString()])
  }

  /**
   * Takes in peers; those that are known already stay as they are.
   *
   * @param namedBy who named them
   */
  add(peers: readonly PeerInfo[], namedBy?: PeerId): void {
    for (const peer of peers) {
      const name = peer.id.toString()
      if (this.#known.has(name)) continue
      this.#known.add(name)
      const place = placeOf(peer.id)
      this.#candidates.push({
        peer,
        ...(namedBy !== undefined && { namedBy }),
        place,
        distance: distance(place, this.#goal),
        state: 'new',
      })
    }
    this.#candidates.sort((a, b) => compareDistance(a.distance, b.distance))
    this.#cut()
  }

  /** The closest peer to be asked next, of the k closest that have not failed; undefined: none. */
  next(): Candidate | undefined {
    return this.#closest().find(({ state }) => state === 'new')
  }

  /** Whether the k closest, or all where there are fewer, have answered. */
  get settled(): boolean {
    return this.#closest().every(({ state }) => state === 'answered')
  }

  #closest(): Candidate[] {
    return this.#candidates.filter(({ state }) => state !== 'failed').slice(0, K)
  }

  #cut(): void {
    const waiting = this.#candidates.filter(({ state }) => state === 'new')
    const out = new Set(waiting.slice(MOST_WAITING))
    if (out.size === 0) return
    this.#candidates = this.#candidates.filter(candidate => !out.has(candidate))
    for (const { peer } of out) this.#known.delete(peer.id.toString())
  }
}
