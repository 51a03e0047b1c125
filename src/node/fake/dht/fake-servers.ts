import type { PeerId, PeerInfo } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { K } from '../../routing/limits.ts'
import { compareDistance, distance, placeOf } from '../../routing/places.ts'
import { listensAt } from '../addresses.ts'
import type { FakePeer } from '../cast.ts'

/** One server of the made-up DHT, with all that is asked of it. */
export interface FakeServer {
  peer: FakePeer
  info: PeerInfo
  place: Uint8Array
  dialed: boolean
}

/** The servers of the made-up DHT, and whom each of them knows. */
export class FakeServers {
  readonly #servers: ReadonlyMap<string, FakeServer>

  constructor(peers: readonly FakePeer[]) {
    this.#servers = new Map(peers.map(peer => [peer.peerId, serverOf(peer)]))
  }

  /** Where each of them is. */
  get infos(): PeerInfo[] {
    return [...this.#servers.values()].map(({ info }) => info)
  }

  /** The server with this Peer ID. @throws when there is none */
  of(id: PeerId): FakeServer {
    const server = this.#servers.get(id.toString())
    if (server === undefined) throw new Error(`Nobody made up ${id.toString()}`)
    return server
  }

  /** Whom a server names: the closest of those it knows, which are its own neighbours and some of the others. */
  closerTo(goal: Uint8Array, { info, place }: FakeServer): PeerInfo[] {
    const others = this.infos.filter(other => other !== info)
    const neighbours = new Set(closestTo(place, others).slice(0, K))
    const known = others.filter(
      (other, index) => neighbours.has(other) || (index + (place[0] ?? 0)) % 3 === 0,
    )
    return closestTo(goal, known).slice(0, K)
  }
}

/** The same peers, the closest to a place in the key space first. */
export function closestTo(goal: Uint8Array, peers: readonly PeerInfo[]): PeerInfo[] {
  const far = new Map(peers.map(peer => [peer, distance(placeOf(peer.id), goal)]))
  const farOf = (peer: PeerInfo) => far.get(peer) ?? goal
  return [...peers].sort((a, b) => compareDistance(farOf(a), farOf(b)))
}

function serverOf(peer: FakePeer): FakeServer {
  const id = peerIdFromString(peer.peerId)
  return { peer, info: { id, multiaddrs: [multiaddr(listensAt(peer))] }, place: placeOf(id), dialed: false }
}
