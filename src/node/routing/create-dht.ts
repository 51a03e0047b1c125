import { peerRoutingSymbol } from '@libp2p/interface'
import {
  type KadDHT,
  type KadDHTComponents,
  kadDHT,
  passthroughMapper,
  removePrivateAddressesMapper,
  removePublicAddressesMapper,
} from '@libp2p/kad-dht'
import type { DhtOptions } from '../options.ts'
import { boundedAnswers } from './bounded-answers.ts'
import { ANSWER_WITHIN_MS } from './limits.ts'
import { isPublic, openRecords, protocolOf } from './networks.ts'
import { RecordStore } from './record-store.ts'

/**
 * The DHT as a service of libp2p. It is a client unless it shall serve, whatever libp2p finds out about its addresses.
 *
 * @param records what it keeps for others
 * @see https://github.com/libp2p/specs/blob/master/kad-dht/README.md
 */
export function dhtService(
  options: DhtOptions,
  records = new RecordStore(),
): (components: KadDHTComponents) => KadDHT {
  const make = kadDHT({
    protocol: protocolOf(options),
    clientMode: !options.server,
    // Our queries wait for a first peer themselves, and say so; the library's wait has no end.
    allowQueryWithZeroPeers: true,
    peerInfoMapper: mapperOf(options),
    networkDialTimeout: { minTimeout: ANSWER_WITHIN_MS, maxTimeout: ANSWER_WITHIN_MS * 2 },
    ...(isPublic(options) ? {} : openRecords),
  })
  return components => {
    // libp2p's own parts come one by one, when they are asked for.
    const own: Record<PropertyKey, unknown> = { datastore: records }
    const dht = make(
      new Proxy(components, {
        get: (target, name) => {
          if (name === 'connectionManager') own[name] ??= boundedAnswers(target.connectionManager)
          return own[name] ?? Reflect.get(target, name)
        },
      }),
    )
    // A dial would otherwise ask the DHT by itself, where nobody sees it.
    Object.defineProperty(dht, peerRoutingSymbol, { value: undefined })
    return dht
  }
}

/** Private addresses mean nothing in the public DHT, and public ones have no place in that of a local network. */
export function mapperOf(options: DhtOptions): typeof passthroughMapper {
  if (isPublic(options)) return removePrivateAddressesMapper
  return options.network === 'lan' ? removePublicAddressesMapper : passthroughMapper
}
