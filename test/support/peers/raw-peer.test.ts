import { PING_PROTOCOL } from '@libp2p/ping'
import { expect, it, onTestFinished } from 'vitest'
import { addressOf, startPeer, stopPeers } from './peer.ts'
import { frames, MULTISTREAM, negotiation, openSocket, RawPeer } from './raw-peer.ts'
import { until } from './until.ts'

async function victim() {
  const peer = await startPeer()
  onTestFinished(() => stopPeers([peer]))
  return addressOf(peer)
}

async function rawPeer() {
  const peer = await RawPeer.dial(await victim())
  onTestFinished(() => peer.destroy())
  const received: Uint8Array[] = []
  peer.onBytes(bytes => received.push(bytes.slice()))
  return { peer, received: () => Buffer.concat(received) }
}

it('opens a stream of a stock peer by hand, and is answered', async () => {
  const { peer, received } = await rawPeer()
  const ping = Buffer.alloc(32, 7)
  const words = negotiation(MULTISTREAM, PING_PROTOCOL)
  peer.send(frames.open(1), frames.data(1, words), frames.data(1, ping))
  await until(() => [MULTISTREAM, PING_PROTOCOL, ping].every(answer => received().includes(answer)))
})

it('is answered its yamux ping', async () => {
  const { peer, received } = await rawPeer()
  peer.send(frames.ping(77))
  // A ping with ACK in place of SYN, and the same number.
  await until(() => received().includes(Buffer.from('00020002000000000000004d', 'hex')))
})

it('tells when the other side hangs up on a frame that is none', async () => {
  const { peer } = await rawPeer()
  peer.send(Buffer.alloc(12, 0xff))
  await peer.closed
  peer.send(frames.ping(1))
  await peer.room()
})

it('opens a socket from an address of its own and says nothing', async () => {
  const socket = await openSocket(await victim(), { from: '127.0.0.9' })
  expect(socket.localAddress).toBe('127.0.0.9')
  expect(socket.bytesWritten).toBe(0)
  socket.destroy()
})
