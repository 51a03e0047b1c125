/** What is relied on of libp2p's private parts is there, in the versions that are installed. */
import { quic } from '@chainsafe/libp2p-quic'
import type { Connection, Libp2p, MessageStream, Stream } from '@libp2p/interface'
import { webSockets } from '@libp2p/websockets'
import { expect, it, onTestFinished } from 'vitest'
import { isYamux } from '../../../src/node/guard/parts.ts'
import { addressOf, type PeerOptions, startPeer, stopPeers } from '../../support/peers/peer.ts'
import { insidesOfConnection, openBareStream } from '../../support/peers/unnegotiated.ts'

async function stock(options: PeerOptions): Promise<Libp2p> {
  const peer = await startPeer({ ...options, transports: [webSockets(), quic()] })
  onTestFinished(() => stopPeers([peer]))
  return peer
}

async function connected(listen: string, options: PeerOptions = {}): Promise<Connection> {
  const [one, other] = [
    await stock({ ...options, listen: [listen] }),
    await stock({ ...options, listen: [] }),
  ]
  return await other.dial(addressOf(one))
}

/** Has it the parts of `Wire`? */
function expectWire(wire: MessageStream | Stream): void {
  expect(wire).toMatchObject({
    onData: expect.any(Function),
    readBuffer: { byteLength: expect.any(Number) },
    writeBufferLength: expect.any(Number),
    writableNeedsDrain: expect.any(Boolean),
    readStatus: 'readable',
  })
}

/** Has it the parts of `RawWire`? */
function expectRaw(raw: MessageStream): void {
  expectWire(raw)
  expect(raw).toMatchObject({ onTransportClosed: expect.any(Function), resume: expect.any(Function) })
}

it.each([
  ['noise over TCP', '/ip4/127.0.0.1/tcp/0', {}],
  ['TLS over TCP', '/ip4/127.0.0.1/tcp/0', { tlsOnly: true }],
  ['WebSocket', '/ip4/127.0.0.1/tcp/0/ws', {}],
] as const)('%s: connections, yamux and its streams', async (_, listen, options) => {
  const connection = await connected(listen, options)
  const { maConn, muxer } = insidesOfConnection(connection)
  expectRaw(maConn)
  expectWire((muxer as typeof muxer & { maConn: MessageStream }).maConn)
  expect(isYamux(muxer)).toBe(true)
  expect(muxer).toMatchObject({
    onRemoteStream: expect.any(Function),
    onData: expect.any(Function),
    handleFrame: expect.any(Function),
    send: expect.any(Function),
    sendFrame: expect.any(Function),
    decoder: { buffer: { byteLength: expect.any(Number), subarray: expect.any(Function) } },
  })
  const stream = await openBareStream(connection)
  expectWire(stream)
  expect(stream).toMatchObject({
    recvWindow: expect.any(Number),
    sendData: expect.any(Function),
    processSendQueue: expect.any(Function),
    onMuxerNeedsDrain: expect.any(Function),
    onMuxerDrain: expect.any(Function),
  })
})

it('QUIC: connections and streams', async () => {
  const connection = await connected('/ip4/127.0.0.1/udp/0/quic-v1')
  const { maConn, muxer } = insidesOfConnection(connection)
  expectRaw(maConn)
  expect(isYamux(muxer)).toBe(false)
  expectWire(await openBareStream(connection))
})
