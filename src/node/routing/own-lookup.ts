import type { Libp2p, PeerId, PeerInfo } from '@libp2p/interface'
import type { KadDHT, passthroughMapper } from '@libp2p/kad-dht'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Clock } from '../../core/clock.ts'
import { insidesOf } from '../insides.ts'
import type { Excess } from '../limits/node-limits.ts'
import { DialBudget, type QueryBudget, type Spent } from './dial-budget.ts'
import { K, MAX_ADDRESSES } from './limits.ts'
import { Lookup } from './lookup.ts'
import { placeOfKey } from './places.ts'
import { privateParts } from './private-dht.ts'

/** What lookups work with, and whom they tell what they learn by the way. */
export interface OwnLookupParts {
  libp2p: Libp2p
  dht: KadDHT
  clock: Clock
  /** Leaves of a peer's addresses those that mean something in this DHT. */
  mapper: typeof passthroughMapper
  /** Called for each thing that exceeds a limit. */
  exceeded(excess: Excess): void
  /** A peer was written into the address book, to be asked. */
  met(peer: PeerInfo): void
  /** A peer answered. */
  answered(peerId: PeerId): void
  /** A lookup towards this place in the key space came to its end. */
  arrived(goal: Uint8Array): void
  /** Ends all lookups. */
  signal: AbortSignal
}

/** For a peer that is connected. */
const FREE: Spent = { addresses: 0, answered: () => {} }

/**
 * Lets every operation of the DHT walk with a {@link Lookup}. The library's own walk follows a peer only if it is closer
 * than whoever named it, so that it misses some of the k closest; it waits for each that does not answer; and whoever
 * is named in any answer is dialed at once, be it thousands. Here, whom a lookup asks is met, and nobody else: who
 * answers comes into the routing table, who does not leaves it.
 */
export function walkOurWay(parts: OwnLookupParts): void {
  const { libp2p, dht, clock, mapper, met, answered, arrived, signal } = parts
  const { queryManager, network, routingTable } = privateParts(dht)
  const { peerStore } = libp2p
  network.safeDispatchEvent = () => true

  const known = async (id: PeerId): Promise<PeerInfo> => {
    const multiaddrs = await peerStore.getInfo(id).then(
      info => info.multiaddrs,
      () => [],
    )
    return { id, multiaddrs }
  }

  const budget = new DialBudget(parts)
  const isDialable = (address: Multiaddr): boolean =>
    insidesOf(libp2p).transportManager.dialTransportForMultiaddr(address) !== undefined ||
    address.getComponents().some(({ name }) => name === 'dnsaddr')

  /** Undefined: it cannot be dialed, or shall not. */
  const meet = async (
    peer: PeerInfo,
    namedBy: PeerId | undefined,
    query: QueryBudget,
  ): Promise<Spent | undefined> => {
    if (libp2p.getConnections(peer.id).length > 0) return FREE
    const book = (await known(peer.id)).multiaddrs
    const before = new Set(book.map(String))
    const named = mapper(peer)
      .multiaddrs.slice(0, MAX_ADDRESSES)
      .filter(address => isDialable(address) && !before.has(address.toString()))
    const spent = query.take(named.length, book.length, namedBy)
    if (spent === undefined) return undefined
    const multiaddrs = named.slice(0, spent.addresses)
    if (multiaddrs.length > 0) await peerStore.merge(peer.id, { multiaddrs })
    met({ id: peer.id, multiaddrs: [...book, ...multiaddrs].slice(0, MAX_ADDRESSES) })
    return spent
  }

  queryManager.run = async function* (key, ask, options = {}) {
    const goal = placeOfKey(key)
    const query = budget.query()
    const spent = new Map<string, Spent>()
    const start = await Promise.all(routingTable.closestPeers(goal, { count: K }).map(known))
    const either = options.signal === undefined ? signal : AbortSignal.any([options.signal, signal])
    yield* new Lookup({
      clock,
      self: libp2p.peerId,
      goal,
      start,
      ask,
      meet: async (peer, namedBy) => {
        const its = await meet(peer, namedBy, query)
        if (its !== undefined) spent.set(peer.id.toString(), its)
        return its !== undefined
      },
      answered: peerId => {
        spent.get(peerId.toString())?.answered()
        routingTable.queueRoutingTableUpdate(peerId)
        answered(peerId)
      },
      failed: peerId => void routingTable.remove(peerId).catch(() => undefined),
      signal: either,
    }).run()
    arrived(goal)
  }
}
