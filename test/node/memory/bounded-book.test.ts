import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Peer, PeerId } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { createNode } from '../../../src/node/create-node.ts'
import { MOST_OF_A_PEER } from '../../../src/node/memory/bounded-book.ts'
import { LogTap } from '../../../src/node/taps/log-tap.ts'
import { TrafficTap } from '../../../src/node/taps/traffic-tap.ts'
import { SharedPort } from '../../../src/node/transport/shared-port.ts'
import { addressOf, startPeer, stopPeers } from '../../support/peers/peer.ts'

async function startNode() {
  const node = await createNode({
    privateKey: await generateKeyPair('Ed25519'),
    datastore: undefined,
    logTap: new LogTap(),
    trafficTap: new TrafficTap({ streamOpened: () => [] }),
    sharedPort: new SharedPort(),
  })
  onTestFinished(() => node.stop())
  return node
}

const book = async () => (await startNode()).peerStore

const ports = (from: number, count: number): Multiaddr[] =>
  Array.from({ length: count }, (_, n) => multiaddr(`/ip4/192.0.2.1/tcp/${from + n}`))
const texts = ({ addresses }: Peer) => addresses.map(address => address.multiaddr.toString())

describe('the address book', () => {
  let peer: PeerId
  beforeEach(async () => {
    peer = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
  })

  it.each(['save', 'patch', 'merge'] as const)(
    'keeps no more addresses of a peer than so many: %s',
    async how => {
      const store = await book()
      await store[how](peer, { multiaddrs: ports(1, 5_000) })
      expect((await store.get(peer)).addresses).toHaveLength(MOST_OF_A_PEER.addresses)
    },
  )

  it('does not grow with what it is told again and again, and keeps what it was told last', async () => {
    const store = await book()
    for (let from = 1; from < 2_000; from += 20) await store.merge(peer, { multiaddrs: ports(from, 20) })
    const kept = texts(await store.get(peer))
    expect(kept).toHaveLength(MOST_OF_A_PEER.addresses)
    for (const last of ports(1_981, 20)) expect(kept).toContain(last.toString())
  })

  it('keeps signed addresses before others of earlier', async () => {
    const store = await book()
    const signed = multiaddr('/ip4/203.0.113.9/tcp/9')
    await store.patch(peer, { addresses: [{ multiaddr: signed, isCertified: true }] })
    for (let from = 1; from < 200; from += 20) await store.merge(peer, { multiaddrs: ports(from, 20) })
    expect(texts(await store.get(peer))).toContain(signed.toString())
  })

  it('keeps no more of a peer than so many bytes, however they are spread', async () => {
    const store = await book()
    const name = 'a'.repeat(200)
    for (let n = 0; n < 60; n += 20) {
      const multiaddrs = Array.from({ length: 20 }, (_, i) => multiaddr(`/dns4/${name}/tcp/${n + i + 1}`))
      await store.merge(peer, { multiaddrs })
    }
    const protocols = Array.from({ length: 64 }, (_, n) => `/${n}/`.padEnd(120, 'b'))
    await store.merge(peer, { protocols, peerRecordEnvelope: Buffer.alloc(8_000) })
    const kept = await store.get(peer)
    const sizes = kept.addresses.map(address => address.multiaddr.bytes.length)
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(MOST_OF_A_PEER.allAddressBytes)
    expect(texts(kept)).toContain(`/dns4/${name}/tcp/41`)
    expect(kept.protocols.join('').length).toBeLessThanOrEqual(MOST_OF_A_PEER.allProtocolsLength)
    expect(kept.peerRecordEnvelope).toBeUndefined()
  })

  it('keeps none that is not tried when the peer is dialed', async () => {
    const node = await startNode()
    await node.start()
    const other = await startPeer()
    onTestFinished(() => stopPeers([other]))
    const dead = Array.from({ length: MOST_OF_A_PEER.addresses - 1 }, (_, n) =>
      multiaddr(`/ip4/127.0.0.1/tcp/${n + 1}`),
    )
    await node.peerStore.save(other.peerId, { multiaddrs: [...dead, addressOf(other)] })
    expect((await node.dial(other.peerId)).remoteAddr.toString()).toBe(String(addressOf(other)))
  })

  it('leaves out what is too long, and cuts what is noted', async () => {
    const store = await book()
    await store.merge(peer, {
      multiaddrs: [multiaddr(`/dns4/${'a'.repeat(5_000)}/tcp/1`), ...ports(1, 1)],
      protocols: ['/a', `/${'b'.repeat(5_000)}`, ...Array.from({ length: 500 }, (_, n) => `/c/${n}`)],
      metadata: { AgentVersion: Buffer.alloc(80_000) },
      peerRecordEnvelope: Buffer.alloc(80_000),
    })
    const kept = await store.get(peer)
    expect(texts(kept)).toEqual(ports(1, 1).map(String))
    expect(kept.protocols).toHaveLength(MOST_OF_A_PEER.protocols)
    expect(kept.protocols).toContain('/a')
    expect(kept.metadata.get('AgentVersion')).toHaveLength(MOST_OF_A_PEER.metadataBytes)
    expect(kept.peerRecordEnvelope).toBeUndefined()
  })
})
