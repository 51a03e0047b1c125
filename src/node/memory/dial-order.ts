import type { Address, AddressSorter } from '@libp2p/interface'
import {
  circuitRelayAddressesLast,
  loopbackAddressLast,
  publicAddressesFirst,
  reliableTransportsFirst,
} from '@libp2p/utils'
import { isRelayed } from '../../core/address.ts'

/** Where peers are, by who says so. Addresses may have the peer at their end or not. */
export interface Whereabouts {
  /** Where a peer has proved to be, the latest proof first. */
  proven(peerId: string): readonly string[]
  /** Where the local network says that it is now, what the peer itself seems to say first. */
  heard(peerId: string): readonly string[]
}

/** For a node that remembers nothing of that kind. */
export const NOWHERE: Whereabouts = { proven: () => [], heard: () => [] }

/** So many of those that are only heard are tried before older proofs: a peer may have moved. */
const MOST_HEARD = 2
const LAST_PEER_ID = /\/p2p\/([^/]+)$/

/**
 * The order in which libp2p tries the addresses of a peer, one after the other and for seconds each: many false ones
 * must not come before one that works. The latest proof comes first, then what the local network says now, then older
 * proofs, then what the peer has signed, and what anybody says last.
 */
export function dialOrder({ proven, heard }: Whereabouts): AddressSorter {
  const rank = ({ multiaddr, isCertified }: Address): number => {
    const text = multiaddr.toString()
    const peerId = LAST_PEER_ID.exec(text)?.[1]
    if (peerId === undefined) return LEAST
    const suffix = `/p2p/${peerId}`
    const place = text.slice(0, -suffix.length)
    const proof = proven(peerId).indexOf(place)
    if (proof >= 0 && isRelayed(place)) return SIGNED
    if (proof >= 0) return proof === 0 ? LATEST_PROOF : PROVEN + proof / 10
    const said = heard(peerId).slice(0, MOST_HEARD)
    const turn = said.findIndex(address => address === text || address === place)
    if (turn >= 0) return HEARD + turn / 10
    return isCertified ? SIGNED : LEAST
  }
  return (a, b) => {
    const [first, second] = [rank(a), rank(b)]
    return (
      compare(Math.min(first, SIGNED), Math.min(second, SIGNED)) ||
      loopbackAddressLast(a.multiaddr, b.multiaddr) ||
      compare(first, second) ||
      publicAddressesFirst(a.multiaddr, b.multiaddr) ||
      circuitRelayAddressesLast(a.multiaddr, b.multiaddr) ||
      reliableTransportsFirst(a.multiaddr, b.multiaddr)
    )
  }
}

function compare(a: number, b: number): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0
}

const [LATEST_PROOF, HEARD, PROVEN, SIGNED, LEAST] = [0, 1, 2, 3, 4] as const
