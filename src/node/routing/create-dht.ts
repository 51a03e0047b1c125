import { type PeerInfo, type PeerStore, peerRoutingSymbol } from '@libp2p/interface'
import {
  type KadDHT,
  type KadDHTComponents,
  kadDHT,
  passthroughMapper,
  removePrivateAddressesMapper,
  removePublicAddressesMapper,
} from '@libp2p/kad-dht'
import { seen } from '../errors/seen.ts'
import type { Excess } from '../limits/node-limits.ts'
import type { DhtOptions } from '../options.ts'
import { bookOfReferrals, Referrals } from '../scope/referrals.ts'
import { currentAsker } from '../serving/asker.ts'
import { boundedAnswers } from './bounded-answers.ts'
import { ANSWER_WITHIN_MS, MAX_TOLD_BYTES } from './limits.ts'
import { isPublic, openRecords, protocolOf } from './networks.ts'
import { privateParts } from './private-dht.ts'
import { RecordStore } from './record-store.ts'

/** Makes the DHT from libp2p's parts. */
export interface DhtService {
  (components: KadDHTComponents): KadDHT
  /** Its protocol id. */
  readonly protocol: string
}

/**
 * The DHT as a service of libp2p. It is a client unless it shall serve, whatever libp2p finds out about its addresses.
 *
 * @param records what it keeps for others
 * @param exceeded is told of those who name what they may not
 * @see https://github.com/libp2p/specs/blob/master/kad-dht/README.md
 */
export function dhtService(
  options: DhtOptions,
  records = new RecordStore(),
  exceeded: (excess: Excess) => void = () => {},
): DhtService {
  const protocol = protocolOf(options)
  const make = kadDHT({
    protocol,
    clientMode: !options.server,
    // Our queries wait for a first peer themselves, and say so; the library's wait has no end.
    allowQueryWithZeroPeers: true,
    peerInfoMapper: peer => inShort(mapperOf(options)(peer)),
    networkDialTimeout: { minTimeout: ANSWER_WITHIN_MS, maxTimeout: ANSWER_WITHIN_MS * 2 },
    ...(isPublic(options) ? {} : openRecords),
  })
  const service = (components: KadDHTComponents): KadDHT => {
    // libp2p's own parts come one by one, when they are asked for.
    const own: Record<PropertyKey, unknown> = { datastore: records }
    const referrals = new Referrals({
      connectionsTo: peer => components.connectionManager.getConnections(peer),
      exceeded,
    })
    const dht = make(
      new Proxy(components, {
        get: (target, name) => {
          if (name === 'peerStore') own[name] ??= bookOfReferrals(target.peerStore, referrals)
          if (name === 'connectionManager') own[name] ??= boundedAnswers(target.connectionManager)
          return own[name] ?? Reflect.get(target, name)
        },
      }),
    )
    onlyReferrals(dht, referrals)
    // A dial would otherwise ask the DHT by itself, where nobody sees it.
    Object.defineProperty(dht, peerRoutingSymbol, { value: undefined })
    const { rpc } = privateParts(dht)
    rpc.handlers.GET_PROVIDERS.peerStore = knowingAll(components.peerStore)
    const handle = rpc.handleMessage.bind(rpc)
    rpc.handleMessage = async (peerId, message) => {
      currentAsker()?.request()
      return await handle(peerId, message)
    }
    return dht
  }
  return Object.assign(service, { protocol })
}

/** Leaves out of every answer the addresses that whoever answers may not name. */
function onlyReferrals(dht: KadDHT, referrals: Referrals): void {
  const { network } = privateParts(dht)
  const ask = network.sendRequest.bind(network)
  network.sendRequest = async function* (to, ...rest) {
    const may = ({ id, multiaddrs }: PeerInfo): PeerInfo => ({ id, multiaddrs: referrals.of(to, multiaddrs) })
    for await (const event of ask(to, ...rest)) {
      if (event.name !== 'PEER_RESPONSE') yield event
      else yield { ...event, closer: event.closer.map(may), providers: event.providers.map(may) }
    }
  }
}

/** Private addresses mean nothing in the public DHT, and public ones have no place in that of a local network. */
export function mapperOf(options: DhtOptions): typeof passthroughMapper {
  if (isPublic(options)) return removePrivateAddressesMapper
  return options.network === 'lan' ? removePublicAddressesMapper : passthroughMapper
}

/** A peer with as many of its addresses as are told to others. */
function inShort(peer: PeerInfo): PeerInfo {
  let told = 0
  const multiaddrs = peer.multiaddrs.filter(({ bytes }) => {
    told += bytes.length
    return told <= MAX_TOLD_BYTES
  })
  return { ...peer, multiaddrs }
}

/**
 * An address book that knows nothing of a peer where it does not know the peer. The library gives no answer at all where
 * one of the providers to name has been forgotten.
 */
function knowingAll(peerStore: PeerStore): Pick<PeerStore, 'get'> {
  const nothing = { addresses: [], protocols: [], metadata: new Map(), tags: new Map() }
  return {
    get: async (id, options) =>
      await peerStore.get(id, options).catch(error => {
        if (seen(error).name === 'NotFoundError') return { id, ...nothing }
        throw error
      }),
  }
}
