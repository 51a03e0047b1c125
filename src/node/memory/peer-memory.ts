import type { PeerStore } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { NewEvent } from '../../core/events.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { EventHub } from '../port/event-hub.ts'
import { bookable } from './bookable.ts'
import { forgotten, MAX_PEERS, peersToForget } from './peer-limit.ts'

/** What remembering peers works with, and how many are remembered. */
export interface PeerMemoryOptions {
  hub: Pick<EventHub, 'emit' | 'state'>
  /** libp2p's address book. */
  peerStore: Pick<PeerStore, 'patch' | 'delete'>
  /** Whether a person has plans with a peer: it is kept, however full the memory is. */
  isWanted?(peerId: SafeText): boolean
  /** Called for each peer that is forgotten. */
  forget(peerId: SafeText): void
  /** How many peers are remembered. @default {@link MAX_PEERS} */
  most?: number
}

/** Which peers are remembered: makes sure that each is discovered, can be dialed by its Peer ID, and is let go one day. */
export class PeerMemory {
  readonly #options: Required<PeerMemoryOptions>

  constructor(options: PeerMemoryOptions) {
    this.#options = { most: MAX_PEERS, isWanted: () => false, ...options }
  }

  /** Called before `connection:opened` is told: a peer that nobody has announced is discovered by its first connection. */
  introduce({ peerId, direction, address }: NewEvent<'connection:opened'>): void {
    const { hub } = this.#options
    if (hub.state.peers.has(peerId)) return
    const inbound = direction === 'inbound'
    hub.emit({
      type: 'peer:discovered',
      peerId,
      // An inbound connection comes from a port that nobody listens on: not an address to dial.
      addresses: inbound ? [] : [address],
      source: inbound ? 'inbound' : 'dialed',
    })
    this.#makeRoom()
  }

  /** Called after a discovery was told: what was heard goes into the address book. */
  remember({ peerId, source }: NewEvent<'peer:discovered' | 'peer:refreshed'>): void {
    const { hub, peerStore } = this.#options
    this.#makeRoom()
    const peer = hub.state.peers.get(peerId)
    if (source !== 'mdns' || peer === undefined) return
    const multiaddrs = bookable(peer.addresses)
    peerStore.patch(peerIdFromString(peerId), { multiaddrs }).catch(() => undefined)
  }

  #makeRoom(): void {
    const { hub, peerStore, forget, isWanted, most } = this.#options
    for (const id of peersToForget(hub.state, most, isWanted)) {
      forget(id)
      hub.emit(forgotten(id))
      peerStore.delete(peerIdFromString(id)).catch(() => undefined)
    }
  }
}
