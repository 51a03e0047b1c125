import { yamux } from '@chainsafe/libp2p-yamux'
import type { Connection, ConnectionGater, Libp2p, PeerStore, PrivateKey, Transport } from '@libp2p/interface'
import type { LevelDatastore } from 'datastore-level'
import { createLibp2p } from 'libp2p'
import { type Clock, systemClock } from '../core/clock.ts'
import type { Limits } from '../core/limit-terms.ts'
import { VERSION } from '../core/version.ts'
import { identifyService } from './bus/identify-service.ts'
import { provenPeers } from './dial/proven-peer.ts'
import { WireGuard } from './guard/wire-guard.ts'
import type { Excess } from './limits/node-limits.ts'
import { guardAddressBook, MOST_OF_A_PEER } from './memory/bounded-book.ts'
import { dialOrder, NOWHERE, type Whereabouts } from './memory/dial-order.ts'
import { onlyNetworkAddresses } from './only-network-addresses.ts'
import { DEFAULT_LIMITS } from './options.ts'
import { pingService } from './ping/answer-pings.ts'
import type { DhtService } from './routing/create-dht.ts'
import { GivenAddresses } from './scope/given.ts'
import { Names } from './scope/names.ts'
import { bookOfReferrals, Referrals } from './scope/referrals.ts'
import { guardHandlers } from './serving/guard-handlers.ts'
import type { LogTap } from './taps/log-tap.ts'
import type { TrafficTap } from './taps/traffic-tap.ts'
import { dataBeforeEnd } from './transport/data-before-end.ts'
import { DialTurns } from './transport/dial-turns.ts'
import { type Door, OPEN_DOOR } from './transport/door.ts'
import { quicTransport, webSocketTransport } from './transport/kinds.ts'
import { lazyTls } from './transport/lazy-tls.ts'
import { lazyTransport } from './transport/lazy-transport.ts'
import { leanNoise } from './transport/noise.ts'
import { relayDialer } from './transport/relay-dialer.ts'
import type { SharedPort } from './transport/shared-port.ts'

/** How many dials wait for their turn for each one that may be under way, before more are refused. */
const WAITING_PER_DIAL = 4

/**
 * How often yamux sends something over a connection so that no router on the way forgets it: those that forget TCP
 * connections within minutes are rare. Its default, twice as often, is a third of what a resting node costs.
 */
const KEEP_ALIVE_MS = 60_000

/**
 * What one stream may have on its way to us and unread: 160 MB a second over a round trip of 50 ms. With less than the
 * system's own buffers hold, frames come in parts, and a megabyte costs more work. yamux keeps a frame until it has all of it, and a frame may be as long as the window, which by default
 * grows to 16 MiB: four times what a stream holds by default, so that a paused one is reset for what the other side was allowed
 * to send.
 */
const WIDEST_WINDOW = 8 * 1024 * 1024
const STREAM_OPTIONS = {
  initialStreamWindowSize: 256 * 1024,
  maxStreamWindowSize: WIDEST_WINDOW,
  maxReadBufferLength: WIDEST_WINDOW,
  maxWriteBufferLength: Number.POSITIVE_INFINITY,
  inactivityTimeout: 120_000,
}

/** So long an address that nobody has confirmed stays in the address book. */
const REMEMBER_MS = 30 * 24 * 60 * 60 * 1000

/** What identify tells others that we are. */
export const AGENT = `p2p-tui/${VERSION}`

/** What a libp2p node is made from. */
export interface NodeParts {
  privateKey: PrivateKey
  /** Absent: the address book is kept in memory. */
  datastore: LevelDatastore | undefined
  logTap: LogTap
  trafficTap: TrafficTap
  /** Looks at all that comes in before libp2p does. @default one that tells nobody what it turned away */
  guard?: WireGuard
  /** Where dials to public addresses come from. */
  sharedPort: SharedPort
  /** Addresses that a person gave, which are dialed wherever they lead. @default none */
  given?: GivenAddresses
  /** Looks up names in addresses. @default those that are not given as strangers' */
  names?: Names
  /** Dials addresses that lead through a relay. Absent: they are not dialed. */
  dialThroughRelay?: Transport['dial']
  /** Addresses to tell others beside those that the node listens on. */
  announce?: readonly string[] | undefined
  /** @default DEFAULT_LIMITS */
  limits?: Limits
  /** Is asked about each socket that others open. @default lets in whoever comes */
  door?: Door
  /** Is asked before the handshake of each connection that others open, those included that have no socket. */
  gater?: ConnectionGater
  /** Where peers are, from who is best believed. */
  whereabouts?: Whereabouts
  /** Absent: there is no DHT. */
  dht?: DhtService | undefined
  /** @default systemClock */
  clock?: Clock
  /** Told of what others may not do. @default nobody is */
  exceeded?: (excess: Excess) => void
  /** Told of each connection whose peer could not be identified. */
  unidentified?: (connection: Connection, error: unknown) => void
}

/** libp2p's parts for a service that writes down what peers say of themselves. libp2p makes them as they are asked for. */
function withBook<Components extends { peerStore: PeerStore }>(
  components: Components,
  referrals: Referrals,
): Components {
  return new Proxy(components, {
    get: (target, name) =>
      name === 'peerStore' ? bookOfReferrals(target.peerStore, referrals) : Reflect.get(target, name),
  })
}

/**
 * A libp2p node that is not started and does not listen yet, so that nothing happens before somebody watches.
 * It talks TCP, WebSocket and QUIC, noise and TLS, and yamux; it answers identify and ping, and contacts nobody by
 * itself.
 */
export async function createNode({
  privateKey,
  datastore,
  logTap,
  trafficTap,
  sharedPort,
  dialThroughRelay,
  announce = [],
  given = new GivenAddresses(),
  names = new Names(given),
  limits = DEFAULT_LIMITS,
  door = OPEN_DOOR,
  gater = {},
  whereabouts = NOWHERE,
  dht,
  guard = new WireGuard({ clock: systemClock, dht: dht?.protocol, exceeded: () => {} }),
  clock = systemClock,
  exceeded = () => {},
  unidentified = () => {},
}: NodeParts): Promise<Libp2p> {
  const turns = new DialTurns({ given, exceeded })
  const referrals = new Referrals({ connectionsTo: peer => libp2p.getConnections(peer), exceeded })
  const libp2p: Libp2p = await createLibp2p({
    start: false,
    nodeInfo: { name: 'p2p-tui', version: VERSION, userAgent: AGENT },
    privateKey,
    ...(datastore === undefined ? {} : { datastore }),
    addresses: { listen: [], appendAnnounce: [...announce] },
    transports: [
      turns.of(sharedPort.tcp(door)),
      turns.of(lazyTransport(webSocketTransport(door, names))),
      turns.of(lazyTransport(quicTransport(limits))),
      ...(dialThroughRelay === undefined ? [] : [relayDialer(dialThroughRelay)]),
    ],
    // In the order in which they are offered.
    connectionEncrypters: [guard.encrypter(leanNoise), guard.encrypter(lazyTls)],
    streamMuxers: [
      guard.muxer(
        dataBeforeEnd(
          yamux({
            keepAliveInterval: KEEP_ALIVE_MS,
            maxInboundStreams: limits.streams,
            // Who dials knows first that the connection stands, and may want all of them at once.
            maxEarlyStreams: limits.streams,
            streamOptions: STREAM_OPTIONS,
          }),
        ),
      ),
    ],
    connectionGater: { ...gater, ...provenPeers },
    // libp2p's monitor pings over the streams that a person's pings need, and aborts the connection when it gets none.
    connectionMonitor: { enabled: false },
    connectionManager: {
      // The gate and the pruner of ours keep to that limit: libp2p's would close the connection of a person's own dial
      // before those of others, and looks at all of them once for each that is too many.
      maxConnections: Number.POSITIVE_INFINITY,
      // It counts handshakes of all hosts together, and takes each address for a host.
      maxIncomingPendingConnections: Number.POSITIVE_INFINITY,
      inboundConnectionThreshold: Number.POSITIVE_INFINITY,
      maxParallelDials: limits.dials,
      // Fewer than are kept would make a peer unreachable of which somebody tells false ones.
      addressSorter: dialOrder(whereabouts),
      resolvers: { dnsaddr: names.dnsaddr },
      maxPeerAddrsToDial: MOST_OF_A_PEER.addresses,
      maxDialQueueLength: limits.dials * (1 + WAITING_PER_DIAL),
    },
    services: {
      identify: components => identifyService(unidentified)(withBook(components, referrals)),
      ping: pingService({ maxInboundStreams: 10, maxOutboundStreams: 10 }, { clock, exceeded }),
      ...(dht === undefined ? {} : { dht }),
    },
    logger: logTap.logger,
    metrics: trafficTap.metrics,
    // Left alone the address book would be empty after an hour, and without its peers after six.
    peerStore: { maxAddressAge: REMEMBER_MS, maxPeerAge: REMEMBER_MS },
  })
  guard.attach(libp2p)
  guardAddressBook(libp2p.peerStore, { self: libp2p.peerId, proven: peerId => whereabouts.proven(peerId) })
  onlyNetworkAddresses(libp2p)
  guardHandlers(libp2p, { clock, exceeded, dht: dht?.protocol })
  return libp2p
}
