import type { PeerId, PeerInfo } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { K, MAX_ADDRESSES } from './limits.ts'
import type { Found } from './plan.ts'

/** One peer, and how many of those asked name each of its addresses. */
interface Named {
  id: PeerId
  addresses: Map<string, { address: Multiaddr; by: number }>
}

/**
 * What a query has found so far. Of one peer several may tell: all of its addresses count, those first that most name,
 * so that one who lies, however quickly, hides nothing.
 */
export class QueryResults {
  readonly #peers = new Map<string, Named>()
  #value: Uint8Array | undefined

  /** How many there are. */
  get size(): number {
    return this.#peers.size + (this.#value === undefined ? 0 : 1)
  }

  /** The value of a record; the latest one found takes the place of others. */
  get value(): Uint8Array | undefined {
    return this.#value
  }

  /** The peers, with at most {@link MAX_ADDRESSES} addresses each. */
  get peers(): PeerInfo[] {
    return [...this.#peers.values()].map(({ id, addresses }) => {
      const best = [...addresses.values()].sort((a, b) => b.by - a.by).slice(0, MAX_ADDRESSES)
      return { id, multiaddrs: best.map(({ address }) => address) }
    })
  }

  /** Takes in what one of those asked has said. @returns what of it is new: peers that nobody named before, another value */
  add({ peers = [], value }: Found): Found {
    const fresh = peers.filter(peer => this.#name(peer))
    const changes =
      value !== undefined && (this.#value === undefined || Buffer.compare(value, this.#value) !== 0)
    if (changes) this.#value = value
    return { peers: fresh, ...(changes ? { value } : {}) }
  }

  /** Whether the peer is new, and there is room for it. */
  #name({ id, multiaddrs }: PeerInfo): boolean {
    const key = id.toString()
    const before = this.#peers.get(key)
    if (before === undefined && this.#peers.size >= K) return false
    const { addresses } = before ?? { addresses: new Map<string, { address: Multiaddr; by: number }>() }
    const said = new Map(multiaddrs.slice(0, MAX_ADDRESSES).map(address => [address.toString(), address]))
    for (const [text, address] of said) {
      addresses.set(text, { address, by: (addresses.get(text)?.by ?? 0) + 1 })
    }
    if (before === undefined) this.#peers.set(key, { id, addresses })
    return before === undefined
  }
}
