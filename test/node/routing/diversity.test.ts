import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Connection, PeerId } from '@libp2p/interface'
import type { KadDHT } from '@libp2p/kad-dht'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createNode } from '../../../src/node/create-node.ts'
import { dhtService } from '../../../src/node/routing/create-dht.ts'
import { diversify } from '../../../src/node/routing/diversity.ts'
import { K } from '../../../src/node/routing/limits.ts'
import { placeOf } from '../../../src/node/routing/places.ts'
import { privateParts } from '../../../src/node/routing/private-dht.ts'
import { LogTap } from '../../../src/node/taps/log-tap.ts'
import { TrafficTap } from '../../../src/node/taps/traffic-tap.ts'
import { SharedPort } from '../../../src/node/transport/shared-port.ts'
import { TEST_DHT } from '../../support/peers/dht-peers.ts'

/** The library's routing table, in which every peer answers, and who is connected from where. */
async function table() {
  const node = await createNode({
    privateKey: await generateKeyPair('Ed25519'),
    datastore: undefined,
    logTap: new LogTap(),
    trafficTap: new TrafficTap({ streamOpened: () => [] }),
    sharedPort: new SharedPort(),
    dht: dhtService({ network: TEST_DHT, server: true }),
  })
  onTestFinished(() => node.stop())
  const dht = node.services.dht as KadDHT
  const { kb } = privateParts(dht).routingTable
  kb.verify = async () => true
  const connections = new Map<string, Connection>()
  diversify(dht, {
    getConnections: peerId => [connections.get(String(peerId))].flatMap(connection => connection ?? []),
  })
  const comes = async (host: string, remotePeer: PeerId): Promise<void> => {
    const remoteAddr = multiaddr(`/ip4/${host}/tcp/4001`)
    connections.set(remotePeer.toString(), { remotePeer, remoteAddr } as Connection)
    await kb.add(remotePeer)
  }
  /** Peers of one host come in. `in`: those of them that the table has by then. */
  const come = async (host: string, peers: readonly PeerId[]): Promise<void> => {
    for (const peer of peers) await comes(host, peer)
  }
  /** Likewise, all at the same time. */
  const comeAtOnce = async (host: string, peers: readonly PeerId[]): Promise<void> => {
    await Promise.all(peers.map(peer => comes(host, peer)))
  }
  const within = (peers: readonly PeerId[]) => peers.filter(peer => kb.get(placeOf(peer)) !== undefined)
  return { come, comeAtOnce, within }
}

/** Peers whose places in the key space begin with the same bits: they go into one bucket, the deepest there is. */
async function neighbours(count: number): Promise<PeerId[]> {
  const peers: PeerId[] = []
  while (peers.length < count) {
    const peer = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
    if ((placeOf(peer)[0] ?? 0) >> 2 === 0) peers.push(peer)
  }
  return peers
}

const strangers = (count: number): Promise<PeerId[]> =>
  Promise.all(
    Array.from({ length: count }, async () => peerIdFromPrivateKey(await generateKeyPair('Ed25519'))),
  )

describe('the routing table', () => {
  it('takes a few peers of one public host, wherever in the key space they put themselves', async () => {
    const { come, within } = await table()
    const sybils = await strangers(200)
    await come('8.8.8.8', sybils)
    expect(within(sybils).length).toBeLessThanOrEqual(8)
    const honest = await strangers(1)
    await come('1.1.1.1', honest)
    expect(within(honest)).toHaveLength(1)
  })

  it('takes many peers of this machine or of a local network', async () => {
    const { come, within } = await table()
    const crowd = await strangers(K)
    await come('127.0.0.1', crowd)
    expect(within(crowd)).toHaveLength(K)
  })

  it('has those of whoever fills a bucket give way to others', async () => {
    const { come, within } = await table()
    const all = await neighbours(K + 12)
    const [sybils, honest, more] = [all.slice(0, K), all.slice(K, K + 9), all.slice(K + 9)]
    await come('127.0.0.66', sybils)
    expect(within(sybils)).toHaveLength(K)
    for (const [n, peer] of honest.entries()) await come(`127.0.0.${n + 2}`, [peer])
    expect(within(honest)).toHaveLength(honest.length)
    expect(within(sybils)).toHaveLength(K - honest.length)
    // And nobody gives way to it again.
    await come('127.0.0.66', more)
    expect(within(honest)).toHaveLength(honest.length)
  })

  it('counts none for a host that found no place', async () => {
    const { come, comeAtOnce, within } = await table()
    const all = await neighbours(K + 8)
    const [others, late] = [all.slice(0, K - 1), all.slice(K - 1)]
    for (const [n, peer] of others.entries()) await come(`127.0.0.${n + 2}`, [peer])
    await comeAtOnce('8.8.8.8', late)
    expect(within(late)).toHaveLength(1)
    const elsewhere = await strangers(20)
    await come('8.8.8.8', elsewhere)
    expect(within(elsewhere).length).toBeGreaterThan(0)
  })
})
