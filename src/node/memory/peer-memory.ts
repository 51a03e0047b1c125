import type { PeerStore } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { NewEvent } from '../../core/events.ts'
import type { SafeText } from '../../core/safe-text.ts'
import { isHole } from '../../store/swarm/punches.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { EventHub } from '../port/event-hub.ts'
import { bookable } from './bookable.ts'
import { forgotten, MAX_PEERS, MAX_TEXT, peersToForget, wordyPeers } from './peer-limit.ts'
import { PeerWeights } from './peer-weights.ts'
import type { ProvenAddresses } from './proven-addresses.ts'

/** What remembering peers works with, and how many are remembered. */
export interface PeerMemoryOptions {
  hub: Pick<EventHub, 'emit' | 'state'>
  /** libp2p's address book. */
  peerStore: Pick<PeerStore, 'patch' | 'delete'>
  /** Whether a person has plans with a peer: it is kept, however full the memory is. */
  isWanted?(peerId: SafeText): boolean
  /** Where peers have proved to be. */
  proven: Pick<ProvenAddresses, 'of' | 'add'>
  /** Called for each peer that is forgotten. */
  forget(peerId: SafeText): void
  /** How many peers are remembered. @default {@link MAX_PEERS} */
  most?: number
  /** How much text is remembered of those that are not connected, in UTF-16 units. @default {@link MAX_TEXT} */
  mostText?: number
}

/** Which peers are remembered: makes sure that each is discovered, can be dialed by its Peer ID, and is let go one day. */
export class PeerMemory {
  readonly #options: Required<PeerMemoryOptions>
  /** Of those that may be forgotten. */
  readonly #weights = new PeerWeights()

  constructor(options: PeerMemoryOptions) {
    this.#options = { most: MAX_PEERS, mostText: MAX_TEXT, isWanted: () => false, ...options }
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

  /** Told of every event of the node, after its state has changed. */
  heard(event: NewEvent): void {
    switch (event.type) {
      case 'peer:discovered':
      case 'peer:refreshed':
        this.#weigh(event.peerId)
        this.#makeRoom()
        this.#book(event)
        return
      case 'connection:opened':
        this.#prove(event)
        this.#weigh(event.peerId)
        this.#makeRoom()
        return
      case 'peer:identified':
      case 'peer:updated':
      case 'connection:closed':
      case 'peer:forgotten':
        this.#weigh(event.peerId)
        this.#makeRoom()
    }
  }

  /** A handshake that we began at an address has ended with the peer's own key. Nobody listens at the end of a hole. */
  #prove({ peerId, direction, address }: NewEvent<'connection:opened'>): void {
    const { hub, proven } = this.#options
    if (direction === 'outbound' && !isHole(hub.state, peerId, address)) proven.add(peerId, address)
  }

  /** What was heard goes into the address book. */
  #book({ peerId, source }: NewEvent<'peer:discovered' | 'peer:refreshed'>): void {
    const { hub, peerStore } = this.#options
    const peer = hub.state.peers.get(peerId)
    if (source !== 'mdns' || peer === undefined) return
    const multiaddrs = bookable(peer.addresses)
    peerStore.patch(peerIdFromString(peerId), { multiaddrs }).catch(() => undefined)
  }

  /** Those that are connected, or wanted, cannot be forgotten: they do not count. */
  #weigh(peerId: SafeText): void {
    const { hub, isWanted } = this.#options
    const peer = hub.state.peers.get(peerId)
    const stays = peer === undefined || peer.connectionIds.length > 0 || isWanted(peerId)
    this.#weights.weigh(peerId, stays ? undefined : peer)
  }

  #makeRoom(): void {
    const { hub, isWanted, most, mostText, proven } = this.#options
    const isProven = (peerId: SafeText): boolean => proven.of(peerId).length > 0
    this.#forget(peersToForget(hub.state, most, { isWanted, isProven }))
    this.#forget(wordyPeers(hub.state, this.#weights, { most, mostText, isProven }))
  }

  #forget(peerIds: readonly SafeText[]): void {
    const { hub, peerStore, forget } = this.#options
    for (const id of peerIds) {
      forget(id)
      this.#weights.weigh(id, undefined)
      hub.emit(forgotten(id))
      peerStore.delete(peerIdFromString(id)).catch(() => undefined)
    }
  }
}

/** Where the local network says that a peer is now. */
export function heardOf({ peers }: SwarmState, peerId: string): readonly SafeText[] {
  const heard = peers.get(peerId as SafeText)?.sightings.find(({ source }) => source === 'mdns')
  return heard?.current === true ? heard.addresses : []
}
