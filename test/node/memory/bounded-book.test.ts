import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Peer, PeerId } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createNode } from '../../../src/node/create-node.ts'
import { MOST_OF_A_PEER } from '../../../src/node/memory/bounded-book.ts'
import { NOWHERE } from '../../../src/node/memory/dial-order.ts'
import { LogTap } from '../../../src/node/taps/log-tap.ts'
import { TrafficTap } from '../../../src/node/taps/traffic-tap.ts'
import { SharedPort } from '../../../src/node/transport/shared-port.ts'
import { addressOf, startPeer, stopPeers } from '../../support/peers/peer.ts'

/** As far as it is counted what is written to the disk. */
interface Datastore {
  put(...args: unknown[]): unknown
}

async function startNode(whereabouts = NOWHERE) {
  const node = await createNode({
    whereabouts,
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

  it('writes nothing for a stream of a protocol that a peer is known to speak', async () => {
    const node = await startNode()
    let puts = 0
    const { datastore } = (node as unknown as { components: { datastore: Datastore } }).components
    const put = datastore.put.bind(datastore)
    datastore.put = (...args) => {
      puts += 1
      return put(...args)
    }
    await node.peerStore.merge(peer, { protocols: ['/ipfs/ping/1.0.0'] })
    expect(puts).toBe(1)
    for (let stream = 0; stream < 100; stream += 1) {
      const known = await node.peerStore.merge(peer, { protocols: ['/ipfs/ping/1.0.0'] })
      expect(known.protocols).toEqual(['/ipfs/ping/1.0.0'])
    }
    expect(puts).toBe(1)
    await node.peerStore.merge(peer, { protocols: ['/ipfs/id/1.0.0'] })
    expect((await node.peerStore.get(peer)).protocols).toHaveLength(2)
    expect(puts).toBe(2)
  })

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

  it('leaves room for what is told last, however much a peer has signed', async () => {
    const store = await book()
    const addresses = ports(1, 32).map(address => ({ multiaddr: address, isCertified: true }))
    await store.patch(peer, { addresses })
    const [moved] = ports(4_000, 1)
    await store.merge(peer, { multiaddrs: [moved!] })
    expect(texts(await store.get(peer))).toContain(String(moved))
  })

  it('has a peer replace what it signed', async () => {
    const store = await book()
    const signs = (from: number) =>
      store.patch(peer, { addresses: ports(from, 2).map(at => ({ multiaddr: at, isCertified: true })) })
    await signs(1)
    await signs(8_000)
    expect(texts(await store.get(peer))).toEqual(ports(8_000, 2).map(String))
  })

  describe('for an address that was proved', () => {
    const proof = '/ip4/203.0.113.9/tcp/9'
    const proven = { proven: () => [proof], heard: () => [] }

    it.each(['save', 'patch', 'merge'] as const)('keeps it whatever others say: %s', async how => {
      const { peerStore } = await startNode(proven)
      await peerStore.merge(peer, { multiaddrs: [multiaddr(proof)] })
      for (let from = 1; from < 200; from += 32) await peerStore[how](peer, { multiaddrs: ports(from, 32) })
      const kept = texts(await peerStore.get(peer))
      expect(kept).toContain(proof)
      expect(kept).toHaveLength(MOST_OF_A_PEER.addresses)
    })

    it('keeps it, and what the peer has signed, when others replace what they said', async () => {
      const { peerStore } = await startNode(proven)
      const signed = multiaddr('/ip4/203.0.113.10/tcp/9')
      await peerStore.patch(peer, { addresses: [{ multiaddr: signed, isCertified: true }] })
      await peerStore.patch(peer, { multiaddrs: ports(1, 32) })
      await peerStore.patch(peer, { multiaddrs: ports(100, 2) })
      const { addresses } = await peerStore.get(peer)
      expect(new Set(addresses.map(at => at.multiaddr.toString()))).toEqual(
        new Set([proof, signed.toString(), ...ports(100, 2).map(String)]),
      )
      expect(addresses.find(at => at.isCertified)?.multiaddr.toString()).toBe(signed.toString())
    })

    it('keeps it when the peer itself claims as much as there is room for', async () => {
      const { peerStore } = await startNode(proven)
      const addresses = ports(1, 32).map(at => ({ multiaddr: at, isCertified: true }))
      await peerStore.patch(peer, { addresses })
      expect(texts(await peerStore.get(peer))).toContain(proof)
    })

    it('keeps it however long ago it was told first', async () => {
      vi.useFakeTimers({ toFake: ['Date'] })
      onTestFinished(() => void vi.useRealTimers())
      const { peerStore } = await startNode(proven)
      await peerStore.merge(peer, { multiaddrs: [multiaddr(proof)] })
      const day = 24 * 60 * 60 * 1000
      // The peer is heard of now and then, else all of it would be forgotten.
      vi.setSystemTime(Date.now() + 20 * day)
      await peerStore.merge(peer, { metadata: { AgentVersion: Buffer.from('x') } })
      vi.setSystemTime(Date.now() + 20 * day)
      await peerStore.merge(peer, { multiaddrs: [multiaddr(proof)] })
      expect(texts(await peerStore.get(peer))).toEqual([proof])
    })

    it('dials it before all others', async () => {
      const other = await startPeer()
      onTestFinished(() => stopPeers([other]))
      const address = String(addressOf(other)).replace(/\/p2p\/[^/]+$/, '')
      const node = await startNode({ proven: () => [address], heard: () => [] })
      await node.start()
      const wrong = Array.from({ length: 32 }, (_, n) => multiaddr(`/ip4/127.0.0.1/tcp/${n + 1}`))
      await node.peerStore.merge(other.peerId, { multiaddrs: [multiaddr(address), ...wrong] })
      const tried: string[] = []
      await node.dial(other.peerId, {
        onProgress: ({ type, detail }) => {
          if (type === 'dial-queue:calculated-addresses') tried.push(String(detail[0]?.multiaddr))
        },
      })
      expect(tried[0]).toBe(`${address}/p2p/${other.peerId.toString()}`)
    })
  })

  it.each([
    ['a name that a shell would run', '/dns4/$(touch$IFS-x)y/tcp/1'],
    ['a name with blanks', '/dns4/a b/tcp/1'],
    ['a name for TLS that is none', '/ip4/192.0.2.1/tcp/1/tls/sni/a;b/ws'],
    ['a zone that is none', '/ip6zone/`x`/ip6/fe80::1/tcp/1'],
  ])('lets nobody bring in %s', async (_, odd) => {
    const store = await book()
    const [good] = ports(1, 1)
    await store.merge(peer, { multiaddrs: [multiaddr(odd), good!] })
    await store.patch(peer, {
      addresses: [
        { multiaddr: multiaddr(multiaddr(odd).bytes), isCertified: true },
        { multiaddr: good!, isCertified: true },
      ],
    })
    expect(texts(await store.get(peer))).toEqual([String(good)])
  })

  it('keeps no more of a peer than so many bytes, however they are spread', async () => {
    const store = await book()
    const name = Array.from({ length: 4 }, () => 'a'.repeat(50)).join('.')
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
