import { randomBytes } from 'node:crypto'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import type { Libp2p, PrivateKey } from '@libp2p/interface'
import { type KadDHT, kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { addressOf } from './peer.ts'
import { until } from './until.ts'

/** The DHT of the tests. */
export const TEST_DHT = '/p2p-tui-test/kad/1.0.0'

/**
 * Peers that serve a DHT on loopback, joined as a tree: each has dialed the one that is a third of its number, so that
 * most of them have never met. Settles when each has looked for its own neighbours, as every peer does after a while:
 * before that a query can come to a dead end.
 */
export async function startDht(count: number): Promise<Libp2p[]> {
  const peers = await Promise.all(Array.from({ length: count }, () => startServer()))
  await Promise.all(
    peers.slice(1).map((peer, index) => peer.dial(addressOf(peers[Math.floor(index / 3)] as Libp2p))),
  )
  await until(() => peers.every(peer => tableSize(peer) > 0))
  for (const peer of peers) await lookForNeighbours(peer)
  return peers
}

/** One of them, alone. `privateKey`: who it is, if it was there before. */
export function startServer(privateKey?: PrivateKey): Promise<Libp2p> {
  return createLibp2p({
    ...(privateKey === undefined ? {} : { privateKey }),
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionMonitor: { enabled: false },
    connectionManager: {
      inboundConnectionThreshold: Number.POSITIVE_INFINITY,
      maxIncomingPendingConnections: 1000,
    },
    services: {
      identify: identify(),
      ping: ping({ maxInboundStreams: 10, maxOutboundStreams: 10 }),
      dht: kadDHT({
        protocol: TEST_DHT,
        clientMode: false,
        allowQueryWithZeroPeers: true,
        peerInfoMapper: passthroughMapper,
        validators: { app: async () => {} },
        selectors: { app: () => 0 },
      }),
    },
  })
}

async function lookForNeighbours(peer: Libp2p): Promise<void> {
  const dht = peer.services.dht as KadDHT
  for await (const _ of dht.getClosestPeers(peer.peerId.toMultihash().bytes));
}

function tableSize(peer: Libp2p): number {
  return (peer.services.dht as unknown as { routingTable: { size: number } }).routingTable.size
}

/**
 * A whole answer on the wire (its length, then its protobuf) that names so many peers, none of which exists.
 *
 * @param address where all of them are said to be
 * @see https://github.com/libp2p/specs/blob/master/kad-dht/README.md#rpc-messages
 */
export function manyPeers(count: number, address = multiaddr('/ip4/127.0.0.1/tcp/1')): Uint8Array {
  const closerPeers = 8
  const peer = () => [...bytesField(1, sha256Name()), ...bytesField(2, address.bytes)]
  const named = Array.from({ length: count }, () => bytesField(closerPeers, Uint8Array.from(peer())))
  const findNode = [0x08, 4]
  const message = Buffer.concat([Uint8Array.from(findNode), ...named.map(field => Uint8Array.from(field))])
  return Buffer.concat([Uint8Array.from(varint(message.length)), message])
}

/** A Peer ID that is the hash of a key that nobody has. */
function sha256Name(): Uint8Array {
  return Uint8Array.of(0x12, 32, ...randomBytes(32))
}

function bytesField(number: number, bytes: Uint8Array): number[] {
  return [number * 8 + 2, ...varint(bytes.length), ...bytes]
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
}
