/** What QUIC's machine code holds of a peer whom nobody reads: the peer is the library with settings of its own. */
import { quic } from '@chainsafe/libp2p-quic'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { MultiaddrConnection, Stream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it, onTestFinished } from 'vitest'
import { LogTap } from '../../../src/node/taps/log-tap.ts'
import { quicTransport } from '../../../src/node/transport/kinds.ts'
import type { TransportFactory } from '../../../src/node/transport/lazy-transport.ts'
import { until } from '../../support/peers/until.ts'

const CHUNK = 64 * 1024
const MIB = 1 << 20

/** A transport without a node above it. */
async function alone(factory: TransportFactory) {
  const parts = { privateKey: await generateKeyPair('Ed25519'), logger: new LogTap().logger }
  const transport = factory(parts as unknown as Parameters<TransportFactory>[0])
  onTestFinished(async () => (transport as unknown as { stop(): Promise<void> }).stop())
  return transport
}

/** One of ours that takes connections, and nothing that comes over them before it is told to. */
async function listening(streams: number) {
  const transport = await alone(await quicTransport({ streams, pending: 4 }).load())
  const come: (() => StreamMuxer)[] = []
  const upgradeInbound = async (
    raw: MultiaddrConnection,
    { muxerFactory }: { muxerFactory: StreamMuxerFactory },
  ) => {
    come.push(() => muxerFactory.createStreamMuxer(raw))
  }
  const listener = transport.createListener({ upgrader: { upgradeInbound } } as never)
  await listener.listen(multiaddr('/ip4/127.0.0.1/udp/0/quic-v1'))
  onTestFinished(() => listener.close())
  const [address] = listener.getAddrs()
  if (address === undefined) throw new Error('it does not listen')
  const stock = await alone(quic())
  /** Dials it anew. Settles when both sides have the connection. */
  const dial = async (): Promise<{ mine: StreamMuxer; take: () => StreamMuxer }> => {
    const before = come.length
    const upgradeOutbound = (
      raw: MultiaddrConnection,
      { muxerFactory }: { muxerFactory: StreamMuxerFactory },
    ) => muxerFactory.createStreamMuxer(raw)
    const options = { upgrader: { upgradeOutbound }, signal: new AbortController().signal }
    const mine = (await transportDial(options)) as unknown as StreamMuxer
    await until(() => come.length > before)
    const take = come[before]
    if (take === undefined) throw new Error('nobody came')
    return { mine, take }
  }
  const transportDial = (options: object) => stock.dial(address, options as never)
  return { dial }
}

const openOn = async (muxer: StreamMuxer): Promise<Stream> => muxer.createStream()

/** Sends bytes, each chunk when the machine code has taken the one before. `taken`: how many it has. */
function pour(stream: Stream, bytes: number) {
  const sent = { taken: 0 }
  const next = (): void => {
    if (sent.taken < bytes) stream.send(new Uint8Array(CHUNK))
  }
  stream.addEventListener('drain', () => {
    sent.taken += CHUNK
    next()
  })
  next()
  return sent
}

it('one stream that nobody reads holds 1 MiB, and the rest stays with whoever sends it', async () => {
  const { dial } = await listening(8)
  const { mine, take } = await dial()
  const sent = pour(await openOn(mine), 3 * MIB)
  await until(() => sent.taken >= MIB)
  // A handshake takes longer than a chunk that may leave.
  await dial()
  expect(sent.taken).toBe(MIB)
  take()
  await until(() => sent.taken === 3 * MIB)
})

it('all streams of a connection that nobody reads hold 4 MiB together', async () => {
  const { dial } = await listening(8)
  const { mine, take } = await dial()
  const sent = await Promise.all(Array.from({ length: 8 }, async () => pour(await openOn(mine), MIB)))
  const taken = () => sent.reduce((sum, one) => sum + one.taken, 0)
  await until(() => taken() >= 4 * MIB)
  await dial()
  expect(taken()).toBe(4 * MIB)
  take()
  await until(() => taken() === 8 * MIB)
})

it('a peer opens as many streams as it may have, and the next when one has ended', async () => {
  const { dial } = await listening(3)
  const { mine, take } = await dial()
  const streams = await Promise.all([1, 2, 3].map(() => openOn(mine)))
  let opened = false
  const next = openOn(mine).then(() => {
    opened = true
  })
  await dial()
  expect(opened).toBe(false)
  take().addEventListener('stream', ({ detail }) => detail.abort(new Error('no')))
  streams[0]?.send(new Uint8Array(1))
  streams[0]?.abort(new Error('enough'))
  await next
})
