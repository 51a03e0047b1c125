import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import type { ConnectionGater, Libp2p, PrivateKey } from '@libp2p/interface'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { tls } from '@libp2p/tls'
import type { Multiaddr } from '@multiformats/multiaddr'
import { createLibp2p, type Libp2pOptions } from 'libp2p'

export interface PeerOptions {
  /** Who it is. @default a new Ed25519 key */
  privateKey?: PrivateKey
  /** @default ['/ip4/127.0.0.1/tcp/0'] */
  listen?: string[]
  /** What identify tells beside where it listens. */
  announce?: string[]
  /** False: it does not speak identify. */
  identify?: boolean
  /** What identify tells others that it is. */
  agentVersion?: string
  /** False: it does not speak ping. */
  ping?: boolean
  /** How long its ping handler keeps a stream, in ms. @default 10_000 */
  pingStreamMs?: number
  /** False: noise is missing, so that no encryption can be agreed on. */
  encryption?: boolean
  /** False: yamux is missing. */
  muxer?: boolean
  /** The loopback address that it dials from over TCP, e.g. 127.0.0.7: each is a host of its own. */
  from?: string
  /** Beside TCP. */
  transports?: Libp2pOptions['transports']
  /** True: TLS alone, without noise. */
  tlsOnly?: boolean
  gater?: ConnectionGater
  metrics?: Libp2pOptions['metrics']
  /** Beside identify and ping. */
  services?: Libp2pOptions['services']
  /** How long one address may take to answer a dial, in ms. @default 6_000 */
  addressDialTimeout?: number
}

/**
 * A libp2p node on loopback, without mDNS and without the connection monitor, that takes any number of connections
 * from one host. Stop it at the end of the test.
 */
export function startPeer(options: PeerOptions = {}): Promise<Libp2p> {
  const encrypters = options.encryption === false ? [] : [options.tlsOnly === true ? tls() : noise()]
  // Not among the types of the package, which hands all of them to net.connect.
  const dialing = options.from === undefined ? {} : { dialOpts: { localAddress: options.from } as object }
  return createLibp2p({
    ...(options.privateKey === undefined ? {} : { privateKey: options.privateKey }),
    ...(options.agentVersion === undefined ? {} : { nodeInfo: { userAgent: options.agentVersion } }),
    addresses: {
      listen: options.listen ?? ['/ip4/127.0.0.1/tcp/0'],
      appendAnnounce: options.announce ?? [],
    },
    transports: [tcp(dialing), ...(options.transports ?? [])],
    connectionEncrypters: encrypters,
    streamMuxers: options.muxer === false ? [] : [yamux()],
    connectionManager: {
      inboundConnectionThreshold: Number.POSITIVE_INFINITY,
      maxIncomingPendingConnections: 1000,
      ...(options.addressDialTimeout === undefined ? {} : { addressDialTimeout: options.addressDialTimeout }),
    },
    connectionMonitor: { enabled: false },
    ...(options.metrics === undefined ? {} : { metrics: options.metrics }),
    ...(options.gater === undefined ? {} : { connectionGater: options.gater }),
    services: {
      ...options.services,
      ...(options.identify === false ? {} : { identify: identify() }),
      ...(options.ping === false
        ? {}
        : {
            ping: ping({
              maxInboundStreams: 10,
              maxOutboundStreams: 10,
              timeout: options.pingStreamMs ?? 10_000,
            }),
          }),
    },
  })
}

/** The first address that a peer listens on, with its Peer ID at the end. */
export function addressOf(peer: Libp2p): Multiaddr {
  const address = peer.getMultiaddrs()[0]
  if (address === undefined) throw new Error('the peer does not listen')
  return address
}

/** Stops peers at once: a graceful close would wait for the other side of each connection. */
export async function stopPeers(peers: readonly Libp2p[]): Promise<void> {
  for (const connection of peers.flatMap(peer => peer.getConnections())) {
    connection.abort(new Error('the test is over'))
  }
  await Promise.all(peers.map(peer => peer.stop()))
}
