import { quic } from '@chainsafe/libp2p-quic'
import type { Libp2p } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { expect, it, onTestFinished } from 'vitest'
import { quicTransport } from '../../../src/node/transport/kinds.ts'
import { lazyTransport } from '../../../src/node/transport/lazy-transport.ts'
import { OneWay } from '../../support/peers/one-way.ts'
import { addressOf, startPeer, stopPeers } from '../../support/peers/peer.ts'

async function start(listen: string[], transport: ReturnType<typeof lazyTransport>): Promise<Libp2p> {
  const peer = await startPeer({ listen, transports: [transport] })
  onTestFinished(() => stopPeers([peer]))
  return peer
}
const startNode = () => start(['/ip4/127.0.0.1/udp/0/quic-v1'], lazyTransport(quicTransport(256)))
const startStranger = () => start([], components => quic()(components))

/** Begins a handshake that never goes on. @returns once the node has its first packet: what settles when it is given up */
async function stall(stranger: Libp2p, node: Multiaddr): Promise<{ over: Promise<'given up'> }> {
  const port = Number(node.getComponents().find(({ name }) => name === 'udp')?.value)
  const way = await OneWay.open('127.0.0.1', { address: '127.0.0.1', port })
  const over = stranger.dial(way.address).then(
    () => 'given up' as const,
    () => 'given up' as const,
  )
  onTestFinished(() => way[Symbol.dispose]())
  await way.passed
  return { over }
}

it('handshakes that stall keep nobody out', async () => {
  const node = await startNode()
  const stranger = await startStranger()
  let last = await stall(stranger, addressOf(node))
  for (let n = 0; n < 10; n += 1) last = await stall(stranger, addressOf(node))
  const honest = await startStranger()
  const dialed = honest.dial(addressOf(node)).then(({ remotePeer }) => remotePeer.toString())
  expect(await Promise.race([dialed, last.over])).toBe(node.peerId.toString())
})

it('a listener that waits for many ends at once', async () => {
  const node = await startNode()
  const stranger = await startStranger()
  const { over } = await stall(stranger, addressOf(node))
  const stopped = (async () => await node.stop())().then(() => 'stopped')
  expect(await Promise.race([stopped, over])).toBe('stopped')
})
