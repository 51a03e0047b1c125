/** Each transport and each encryption over real sockets, between nodes of ours and against a stock libp2p. */
import { createServer } from 'node:net'
import { join } from 'node:path'
import { quic } from '@chainsafe/libp2p-quic'
import type { Libp2p } from '@libp2p/interface'
import { webSockets } from '@libp2p/websockets'
import { describe, expect, it, onTestFinished } from 'vitest'
import { failureOf } from '../../support/failures.ts'
import { type PeerOptions, startPeer, stopPeers } from '../../support/peers/peer.ts'
import { freePort } from '../../support/peers/servers.ts'
import { scratchDirectory } from '../../support/scratch.ts'
import { type WatchedNode, watchNode } from '../../support/watched-node.ts'

const STRANGER = '12D3KooWELEFkhNb6wqc6rFMkYhuCA52Q9n1QF2DeEQo52h5t3MQ'

const stock = async (options: PeerOptions): Promise<Libp2p> => {
  const peer = await startPeer({ ...options, transports: [webSockets(), quic()] })
  onTestFinished(() => stopPeers([peer]))
  return peer
}

/** Dials and pings; what the dialing side says of the connection. */
async function reach(from: WatchedNode, target: string) {
  const { peerId, connectionId } = await from.port.request('dial', { target })
  const { rttMs } = await from.port.request('ping', { peerId })
  expect(rttMs).toBeGreaterThan(0)
  return from.heard('connection:opened', event => event.connectionId === connectionId)
}

const unixSocket = async (name: string) => `/unix/${encodeURIComponent(join(await scratchDirectory(), name))}`

describe.each([
  ['TCP', async () => '/ip4/127.0.0.1/tcp/0', ['tcp', '/noise', '/yamux/1.0.0']],
  ['TCP over IPv6', async () => '/ip6/::1/tcp/0', ['tcp', '/noise', '/yamux/1.0.0']],
  ['WebSocket', async () => '/ip4/127.0.0.1/tcp/0/ws', ['ws', '/noise', '/yamux/1.0.0']],
  ['WebSocket over IPv6', async () => '/ip6/::1/tcp/0/ws', ['ws', '/noise', '/yamux/1.0.0']],
  ['QUIC', async () => '/ip4/127.0.0.1/udp/0/quic-v1', ['quic-v1', 'native', 'quic']],
  ['QUIC over IPv6', async () => '/ip6/::1/udp/0/quic-v1', ['quic-v1', 'native', 'quic']],
  ['a Unix socket', () => unixSocket('node'), ['unix', '/noise', '/yamux/1.0.0']],
])('%s', (_, listenAddress, [transport, encryption, muxer]) => {
  it('is dialed and pinged, both ways, and is called by its name on both sides', async () => {
    const listening = watchNode({ listen: [await listenAddress()] })
    const dialing = watchNode({ listen: [] })
    const opened = await reach(dialing, await listening.address())
    expect(opened).toMatchObject({ transport, encryption, muxer, direction: 'outbound' })
    expect(opened).not.toHaveProperty('relayed')
    const inbound = await listening.heard('connection:opened')
    expect(inbound).toMatchObject({ encryption, muxer, direction: 'inbound' })
    await listening.port.request('ping', { peerId: await dialing.peerId() })
  })

  it('is spoken with a stock libp2p, whoever dials', async () => {
    const node = watchNode({ listen: [await listenAddress()] })
    const peer = await stock({ listen: [await listenAddress()] })
    const [address] = peer.getMultiaddrs()
    await reach(node, String(address))
    const other = await stock({ listen: [] })
    const { multiaddr } = await import('@multiformats/multiaddr')
    await other.dial(multiaddr(await node.address()))
    const { peerId } = await node.heard('connection:opened', ({ direction }) => direction === 'inbound')
    expect(peerId).toBe(other.peerId.toString())
    await node.port.request('ping', { peerId })
  })

  it('counts the bytes of its connections, of its streams, and of all', async () => {
    const listening = watchNode({ listen: [await listenAddress()] })
    const dialing = watchNode({ listen: [] })
    const { connectionId } = await reach(dialing, await listening.address())
    const sample = await dialing.heard('traffic:sampled', ({ streams }) =>
      streams.some(({ bytesIn }) => bytesIn >= 32),
    )
    const connection = sample.connections.find(one => one.connectionId === connectionId)
    const ping = sample.streams.find(({ bytesIn }) => bytesIn >= 32)
    expect(connection?.bytesIn).toBeGreaterThanOrEqual(ping?.bytesIn ?? Number.POSITIVE_INFINITY)
    expect(connection?.bytesOut).toBeGreaterThan(0)
    expect(sample.total.bytesIn).toBeGreaterThanOrEqual(connection?.bytesIn ?? Number.POSITIVE_INFINITY)
  })

  it('is not taken for another peer', async () => {
    const listening = watchNode({ listen: [await listenAddress()] })
    const dialing = watchNode({ listen: [] })
    const target = (await listening.address()).replace(/p2p\/.*/, `p2p/${STRANGER}`)
    const { stage, cause } = await failureOf(() => dialing.port.request('dial', { target }))
    expect(stage).toBe('encrypt')
    expect(cause).toMatch(/^Another peer answers there: 12D3KooW/)
  })
})

describe('a peer that speaks TLS and no noise', () => {
  it('is dialed, and dials', async () => {
    const node = watchNode()
    const peer = await stock({ tlsOnly: true })
    expect(await reach(node, String(peer.getMultiaddrs()[0]))).toMatchObject({ encryption: '/tls/1.0.0' })
    const other = await stock({ tlsOnly: true, listen: [] })
    const { multiaddr } = await import('@multiformats/multiaddr')
    await other.dial(multiaddr(await node.address()))
    const inbound = await node.heard('connection:opened', ({ direction }) => direction === 'inbound')
    expect(inbound.encryption).toBe('/tls/1.0.0')
    await node.port.request('ping', { peerId: inbound.peerId })
  })

  it('is not taken for another peer', async () => {
    const node = watchNode()
    const peer = await stock({ tlsOnly: true })
    const target = String(peer.getMultiaddrs()[0]).replace(/p2p\/.*/, `p2p/${STRANGER}`)
    const { stage, cause } = await failureOf(() => node.port.request('dial', { target }))
    expect(stage).toBe('encrypt')
    expect(cause).toBe(`Another peer answers there: ${peer.peerId} instead of ${STRANGER}`)
  })
})

describe('where nothing answers', () => {
  it.each([
    [async () => `/ip4/127.0.0.1/tcp/${await freePort()}/ws`, /^Nothing listens: the connection was refused/],
    [() => unixSocket('nobody'), /^There is no socket/],
  ])('says so', async (target, said) => {
    const { stage, cause } = await failureOf(async () =>
      watchNode({ listen: [] }).port.request('dial', { target: await target() }),
    )
    expect(stage).toBe('connect')
    expect(cause).toMatch(said)
  })

  it('a QUIC dial is cancelled at once, though QUIC itself cannot', async () => {
    const node = watchNode({ listen: [] })
    const controller = new AbortController()
    const target = `/ip4/127.0.0.1/udp/${await freePort()}/quic-v1`
    const dialing = failureOf(() => node.port.request('dial', { target }, { signal: controller.signal }))
    await node.heard('dial:progressed', ({ stage }) => stage === 'connect')
    controller.abort()
    expect(await dialing).toMatchObject({ stage: 'request', cause: 'Cancelled' })
    await node.heard('dial:failed')
  })
})

describe('several addresses to listen on', () => {
  it('are listened on at once, and those that fail say why', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void holder.close())
    await new Promise(resolve => holder.once('listening', resolve))
    const { port } = holder.address() as { port: number }
    const held = watchNode({ listen: ['/ip4/127.0.0.1/udp/0/quic-v1'] })
    const heldUdp = (await held.address()).replace(/\/p2p\/.*/, '')
    const noDirectory = `${await unixSocket('none')}%2Fnode`
    const good = ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws', '/ip4/127.0.0.1/udp/0/quic-v1']
    const bad: Record<string, RegExp> = {
      [`/ip4/127.0.0.1/tcp/${port}`]: /^The port is taken/,
      [`/ip4/127.0.0.1/tcp/${port}/ws`]: /^The port is taken/,
      [heldUdp]: /^The port is taken/,
      '/ip4/203.0.113.9/tcp/0': /^This machine does not have that address/,
      '/ip4/203.0.113.9/tcp/0/ws': /^This machine does not have that address/,
      '/ip4/203.0.113.9/udp/0/quic-v1': /^This machine does not have that address/,
      '/ip4/127.0.0.1/tcp/0/tls/ws': /^A secure WebSocket needs a certificate/,
      '/ip4/127.0.0.1/udp/0/quic-v1/webtransport': /^There is no transport for this kind of address/,
      [noDirectory]: /^No socket can be made there: there is no such directory/,
    }
    const node = watchNode({ listen: [...good, ...Object.keys(bad)] })
    for (const [address, cause] of Object.entries(bad)) {
      const failed = await node.heard('listen:failed', event => event.address === address)
      expect(failed.cause, address).toMatch(cause)
    }
    expect(node.state().node.listening).toHaveLength(good.length)
    expect(node.events.filter(({ type }) => type === 'warning:raised')).toEqual([])
  })
})
