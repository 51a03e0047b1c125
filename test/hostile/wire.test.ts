/** Bytes that no library sends: before and after the handshake, on each transport, from whoever dialed. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { quic } from '@chainsafe/libp2p-quic'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { PING_PROTOCOL } from '@libp2p/ping'
import { webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket as Ws } from 'ws'
import { GOODBYE_MS } from '../../src/node/guard/connection-guard.ts'
import { DEFAULT_LIMITS, DEFAULT_RELAY_SERVER } from '../../src/node/options.ts'
import { failureOf } from '../support/failures.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { addressOf, type PeerOptions, startPeer, stopPeers } from '../support/peers/peer.ts'
import { varint } from '../support/peers/protobuf.ts'
import {
  FLAG,
  FRAME,
  frame,
  frames,
  MULTISTREAM,
  negotiation,
  openSocket,
  RawPeer,
} from '../support/peers/raw-peer.ts'
import { startServer } from '../support/peers/servers.ts'
import { answerAllWith, openBareStream } from '../support/peers/unnegotiated.ts'
import { turns, until } from '../support/peers/until.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { type WatchedNode, watchNode } from '../support/watched-node.ts'

const GARBAGE = Buffer.alloc(64 * 1024, 0xff)
const unixSocket = async () => `/unix/${encodeURIComponent(join(await scratchDirectory(), 'node'))}`

async function stock(options: PeerOptions = {}): Promise<Libp2p> {
  const peer = await startPeer({
    listen: [],
    identify: false,
    ...options,
    transports: [webSockets(), quic()],
  })
  onTestFinished(() => stopPeers([peer]))
  return peer
}

async function rawPeer(node: WatchedNode): Promise<RawPeer> {
  const peer = await RawPeer.dial(await node.address())
  onTestFinished(() => peer.destroy())
  return peer
}

/** Settles when a socket is no more, however it ended. */
function closed(socket: Socket): Promise<void> {
  return new Promise(resolve => (socket.closed ? resolve() : socket.once('close', () => resolve())))
}

/** CPU that this process uses for its own code until something has happened, in ms: over loopback the kernel's is everybody's. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  return process.cpuUsage(before).user / 1000
}

describe('garbage before the handshake', () => {
  /** Writes to the node as long as it is let; resolves when it is cut off. */
  const pour: Record<string, (address: string) => Promise<unknown>> = {
    TCP: async address => {
      const socket = await openSocket(address)
      socket.write(Buffer.alloc(1024 * 1024, 0xff))
      await closed(socket)
    },
    'a Unix socket': async address => {
      const [component] = multiaddr(address).getComponents()
      const socket = connect(decodeURIComponent(component?.value ?? ''))
      socket.on('error', () => {})
      socket.write(GARBAGE)
      socket.resume()
      await closed(socket)
    },
    WebSocket: async address => {
      const port = /tcp\/(\d+)/.exec(address)?.[1]
      const socket = new WebSocket(`ws://127.0.0.1:${port}`)
      await once(socket, 'open')
      for (let at = 0; at < 16; at += 1) socket.send(GARBAGE)
    },
  }

  it.each([
    ['TCP', async () => '/ip4/127.0.0.1/tcp/0'],
    ['WebSocket', async () => '/ip4/127.0.0.1/tcp/0/ws'],
    ['a Unix socket', unixSocket],
  ])('over %s is cut off at its second byte, and told', async (transport, listen) => {
    const node = watchNode({ listen: [await listen()] })
    const address = await node.address()
    const refused = node.heard('connection:refused')
    await pour[transport]?.(address)
    expect(await refused).toMatchObject({ reason: 'It sent data that is not libp2p' })
  })

  it('costs no more than connections that close at once', async () => {
    // Every one of them is let in.
    const node = watchNode({ limits: { ...DEFAULT_LIMITS, hostRate: 10_000 } })
    const address = await node.address()
    const strangers = fork(join(import.meta.dirname, 'fixtures/strangers.ts'), [address])
    onTestFinished(() => void strangers.kill('SIGKILL'))
    await once(strangers, 'message')
    const come = (bytes: number) => cpuOf(() => visited(strangers, bytes))
    // What is compiled is compiled, and then turn by turn: the machine has other work.
    await come(0)
    const costs = { leave: [] as number[], garbage: [] as number[] }
    for (let turn = 0; turn < 3; turn += 1) {
      costs.leave.push(await come(0))
      costs.garbage.push(await come(1024 * 1024))
    }
    expect(Math.min(...costs.garbage)).toBeLessThan(1.5 * Math.min(...costs.leave))
  })

  it('from one whom we dial fails the dial, and says what is wrong', async () => {
    const node = watchNode()
    const server = await startServer(socket => void socket.write(GARBAGE))
    const failure = await failureOf(() => node.port.request('dial', { target: server.address }))
    expect(failure).toMatchObject({ stage: 'encrypt' })
    await server.close()
  })
})

it('garbage where a muxer is to be agreed on is cut off, and told', async () => {
  const node = watchNode()
  const peer = await RawPeer.dial(await node.address(), { muxer: false })
  peer.send(GARBAGE)
  await peer.closed
  expect(await node.heard('connection:refused')).toMatchObject({ reason: 'It sent data that is not libp2p' })
})

/** Has strangers come one after the other, send so many bytes and be gone. */
async function visited(strangers: ChildProcess, bytes: number): Promise<void> {
  strangers.send(bytes)
  await once(strangers, 'message')
}

const LISTEN: readonly (readonly [string, PeerOptions, () => Promise<string>])[] = [
  ['noise over TCP', {}, async () => '/ip4/127.0.0.1/tcp/0'],
  ['TLS over TCP', { tlsOnly: true }, async () => '/ip4/127.0.0.1/tcp/0'],
  ['WebSocket', {}, async () => '/ip4/127.0.0.1/tcp/0/ws'],
  ['QUIC', {}, async () => '/ip4/127.0.0.1/udp/0/quic-v1'],
  ['a Unix socket', {}, unixSocket],
]

describe.each(LISTEN)('over %s', (_, options, listen) => {
  it('garbage on a stream resets it, and streams of it close the connection', async () => {
    const node = watchNode({ listen: [await listen()] })
    const peer = await stock(options)
    const connection = await peer.dial(multiaddr(await node.address()))
    await pourOnStreams(connection)
    const { peerId, connectionId } = await node.heard('connection:opened')
    expect(await node.heard('limit:exceeded', ({ limit }) => limit === 'negotiation')).toMatchObject({
      action: 'dropped',
      peerId,
      connectionId,
    })
    const { reason } = await node.heard('limit:exceeded', ({ action }) => action === 'closed')
    expect(await node.heard('connection:closed')).toMatchObject({ connectionId, reason })
  })

  it('garbage in answer to what we ask is not read to its end', async () => {
    const node = watchNode()
    const peer = await stock({ ...options, listen: [await listen()] })
    answerAllWith(peer, GARBAGE)
    const { peerId } = await node.port.request('dial', { target: addressOf(peer).toString() })
    expect(await failureOf(() => node.port.request('ping', { peerId }))).toBeDefined()
    await node.heard('limit:exceeded', event => event.limit === 'negotiation' && event.peerId === peerId)
  })
})

/** Opens streams and begins them with garbage, until the connection is closed. */
async function pourOnStreams(connection: Connection): Promise<void> {
  for (let at = 0; at < 200 && connection.status === 'open'; at += 1) {
    const stream = await openBareStream(connection).catch(() => undefined)
    if (stream === undefined || stream.status !== 'open') return
    const answered = new Promise<void>(resolve => {
      for (const end of ['close', 'remoteCloseWrite'] as const) stream.addEventListener(end, () => resolve())
    })
    try {
      stream.send(GARBAGE)
    } catch {
      return
    }
    await answered
  }
}

/** More of the cheapest frames than anybody may send at once. */
const MOST_FRAMES = 200_000
const BATCH = 500
/** It tells of a broken protocol. */
const GO_AWAY = frame(FRAME.goAway, 0, 0, 1)

describe('garbage where messages belong', () => {
  const DHT = '/test/dht/1.0.0'
  const LONG = Buffer.concat([varint(2 * 1024 * 1024 - 1), Buffer.alloc(1024)])

  it.each([
    [DHT, GARBAGE],
    [DHT, LONG],
    ['/libp2p/circuit/relay/0.2.0/hop', GARBAGE],
    ['/libp2p/circuit/relay/0.2.0/hop', LONG],
    ['/ipfs/id/1.0.0', GARBAGE],
    ['/libp2p/autonat/2/dial-request', GARBAGE],
    ['/libp2p/autonat/2/dial-request', LONG],
    ['/libp2p/autonat/2/dial-back', GARBAGE],
    ['/libp2p/autonat/2/dial-back', LONG],
  ])('resets a stream of %s', async (protocol, garbage) => {
    const node = watchNode({
      dht: { network: DHT, server: true },
      relayServer: DEFAULT_RELAY_SERVER,
      autonat: true,
      autonatServer: true,
    })
    if (protocol.includes('autonat')) await node.heard('autonat:started')
    const peer = await stock()
    const connection = await peer.dial(multiaddr(await node.address()))
    const stream = await openBareStream(connection)
    stream.addEventListener('message', () => {})
    const reset = new Promise(resolve => stream.addEventListener('close', resolve))
    stream.send(Buffer.concat([negotiation(MULTISTREAM, protocol), garbage]))
    await reset
    expect(await node.heard('limit:exceeded')).toMatchObject({
      limit: 'message',
      action: 'dropped',
      protocol,
    })
    expect(connection.status).toBe('open')
  })

  const QUESTIONS: readonly (readonly [string, (node: WatchedNode, address: string) => Promise<unknown>])[] =
    [
      ['/ipfs/id/1.0.0', async (node, target) => node.port.request('dial', { target })],
      ['/libp2p/circuit/relay/0.2.0/hop', async (node, relay) => node.port.request('reserve', { relay })],
      [
        DHT,
        async (node, target) => {
          const { peerId: subject } = await node.port.request('dial', { target })
          await node.heard('peer:identified')
          return node.port.request('query', { query: 'get', subject, value: '' })
        },
      ],
    ]
  const ANSWERS = [
    ['a length without end', GARBAGE],
    ['a length of 2 MiB', LONG],
  ] as const

  describe.each(QUESTIONS)('in answer to what we ask over %s', (protocol, ask) => {
    it.each(ANSWERS)('is not read to its end: %s', async (_, garbage) => {
      const node = watchNode({ listen: [], dht: { network: DHT, server: false } })
      const peer = await stock({
        listen: ['/ip4/127.0.0.1/tcp/0'],
        identify: protocol !== '/ipfs/id/1.0.0',
      })
      await peer.handle(protocol, stream => {
        stream.addEventListener('message', () => {})
        stream.send(garbage)
      })
      const asked = ask(node, addressOf(peer).toString()).catch(() => undefined)
      expect(await node.heard('limit:exceeded', ({ limit }) => limit === 'message')).toMatchObject({
        action: 'dropped',
        protocol,
        peerId: peer.peerId.toString(),
      })
      await asked
    })
  })
})

it('garbage on streams of 20 connections is over when they are gone', async () => {
  const node = watchNode()
  const friend = await stock({ listen: ['/ip4/127.0.0.1/tcp/0'] })
  const { peerId } = await node.port.request('dial', { target: addressOf(friend).toString() })
  const pourers = fork(join(import.meta.dirname, 'fixtures/pourers.ts'), [await node.address()])
  onTestFinished(() => void pourers.kill('SIGKILL'))
  const cost = await cpuOf(async () => {
    await once(pourers, 'message')
  })
  const after = await cpuOf(() => node.port.request('ping', { peerId }))
  expect(after).toBeLessThan(1_000)
  // 20 handshakes, and as many streams as it takes to be sure.
  expect(cost).toBeLessThan(10_000)
  expect(node.events.filter(({ type }) => type === 'limit:exceeded')).not.toEqual([])
})

describe('frames that cost more than they are', () => {
  /** The first of a series that goes on, and each that follows. */
  const SERIES: readonly (readonly [string, (at: number) => readonly Uint8Array[]])[] = [
    ['pings of yamux', at => [frames.ping(at)]],
    ['streams that say nothing', at => [frames.open(2 * at + 1)]],
    ['streams that are reset at once', at => [frames.open(2 * at + 1), frames.reset(2 * at + 1)]],
    [
      'negotiations of one byte',
      at => [frames.open(2 * at + 1), frames.data(2 * at + 1, Uint8Array.of(1, 10))],
    ],
    [
      'protocols that we do not speak',
      at => [
        frames.open(2 * at + 1),
        frames.data(2 * at + 1, negotiation(MULTISTREAM, '/nobody')),
        frames.reset(2 * at + 1),
      ],
    ],
    ['windows of nothing', at => [...(at === 0 ? [frames.open(1)] : []), frames.window(1, 0)]],
    ['frames for streams that are not there', () => [frames.data(9, Uint8Array.of(1))]],
    [
      'data in single bytes',
      at => [
        ...(at === 0 ? [frames.open(1), frames.data(1, negotiation(MULTISTREAM, PING_PROTOCOL))] : []),
        frames.data(1, Uint8Array.of(at)),
      ],
    ],
  ]

  it.each(SERIES)('%s are paid for: who goes on is told, and closed', async (_, series) => {
    // Time stands still, so that it does not matter how long the machine takes.
    const clock = new ManualClock()
    const node = watchNode({}, clock)
    const peer = await rawPeer(node)
    const received: Buffer[] = []
    peer.onBytes(bytes => received.push(Buffer.from(bytes)))
    const closing = node.heard('limit:exceeded', ({ action }) => action === 'closed')
    let over = false
    void closing.then(() => (over = true))
    for (let at = 0; !over && at < MOST_FRAMES; at += BATCH) {
      peer.send(...Array.from({ length: BATCH }, (_, more) => Buffer.concat([...series(at + more)])))
      await peer.room()
      await turns(1)
    }
    const { reason, host } = await closing
    expect(host).toBe('127.0.0.1')
    await until(() => Buffer.concat(received).includes(GO_AWAY))
    clock.advance(GOODBYE_MS)
    expect(await node.heard('connection:closed')).toMatchObject({ reason })
    await peer.closed
  })

  it.each([
    [
      'streams that are reset at once',
      async ({ connection }: { connection: Connection }) => {
        const stream = await openBareStream(connection)
        stream.abort(new Error('changed my mind'))
      },
    ],
    [
      'data in single bytes',
      async ({ streams }: { streams: readonly Stream[] }) => {
        // Those that wait would go out together.
        for (const stream of streams) if (!stream.writableNeedsDrain) stream.send(Uint8Array.of(1))
        await turns(1)
      },
    ],
  ])('%s are paid for over QUIC, too', async (_, spend) => {
    const clock = new ManualClock()
    const node = watchNode({ listen: ['/ip4/127.0.0.1/udp/0/quic-v1'] }, clock)
    const peer = await stock()
    const connection = await peer.dial(multiaddr(await node.address()))
    const streams = await Promise.all(
      Array.from({ length: 8 }, () => connection.newStream(PING_PROTOCOL, { maxOutboundStreams: 8 })),
    )
    const closing = node.heard('limit:exceeded', ({ action }) => action === 'closed')
    let over = false
    void closing.then(() => (over = true))
    // Of what is sent on a busy machine much arrives together, and costs less.
    while (!over) await spend({ connection, streams }).catch(() => turns(5))
    expect(await closing).toMatchObject({ limit: 'frames', host: '127.0.0.1' })
    clock.advance(GOODBYE_MS)
    await node.heard('connection:closed')
  })

  it('that announce more than a window are not waited for', async () => {
    const node = watchNode()
    const peer = await rawPeer(node)
    peer.send(frames.open(1), frame(0, 0, 1, 0xffff_ffff))
    await peer.closed
    await node.heard('connection:closed')
  })
})

it('a peer that says it goes, and stays, is closed', async () => {
  const clock = new ManualClock()
  const node = watchNode({}, clock)
  const peer = await rawPeer(node)
  await node.heard('connection:opened')
  peer.send(frame(FRAME.goAway, 0, 0, 0))
  // The end is a timer away, which is set when the frame has come.
  await until(() => {
    clock.advance(GOODBYE_MS)
    return node.events.some(({ type }) => type === 'connection:closed')
  })
  await peer.closed
})

it('a peer that says it goes is served on no stream that it opens after that', async () => {
  const clock = new ManualClock()
  const node = watchNode({}, clock)
  const peer = await rawPeer(node)
  await node.heard('connection:opened')
  const received: Buffer[] = []
  peer.onBytes(bytes => received.push(Buffer.from(bytes)))
  const ask = (id: number) => [
    frames.open(id),
    frames.data(id, negotiation(MULTISTREAM, PING_PROTOCOL)),
    frames.data(id, Buffer.alloc(32, 7)),
  ]
  const ids = [1, 3, 5]
  peer.send(frame(FRAME.goAway, 0, 0, 0), ...ids.flatMap(ask))
  // Time stands still, so that it is not cut off before.
  for (const id of ids) await until(() => Buffer.concat(received).includes(frames.reset(id)))
  peer.send(frames.ping(9))
  await until(() => Buffer.concat(received).includes(frame(FRAME.ping, FLAG.ack, 0, 9)))
  expect(Buffer.concat(received).includes(Buffer.alloc(32, 7))).toBe(false)
  expect(
    node.events.filter(event => event.type === 'stream:opened' && event.direction === 'inbound'),
  ).toEqual([])
})

it('pings of a WebSocket are paid for, handshake or not', async () => {
  const node = watchNode({ listen: ['/ip4/127.0.0.1/tcp/0/ws'] }, new ManualClock())
  const port = /tcp\/(\d+)/.exec(await node.address())?.[1]
  const socket = new Ws(`ws://127.0.0.1:${port}`)
  socket.on('error', () => {})
  const gone = new Promise(resolve => socket.on('close', resolve))
  await once(socket, 'open')
  // One at a time: more than a few that are not answered yet are cut off by themselves.
  for (let at = 0; at < MOST_FRAMES && socket.readyState === Ws.OPEN; at += 1) {
    const answered = new Promise(resolve => socket.once('pong', resolve))
    socket.ping()
    await Promise.race([answered, gone])
  }
  expect(await node.heard('limit:exceeded')).toMatchObject({ limit: 'frames', action: 'closed' })
  await gone
})

describe('a peer that does much, and nothing wrong', () => {
  it('opens 256 streams at once', async () => {
    const node = watchNode()
    const peer = await stock()
    const connection = await peer.dial(multiaddr(await node.address()))
    const streams = await Promise.all(Array.from({ length: 256 }, () => openBareStream(connection)))
    let answered = 0
    for (const stream of streams) {
      stream.addEventListener('message', () => (answered += 1), { once: true })
      // Of those that the node speaks each has a lower limit of its own.
      stream.send(negotiation(MULTISTREAM, '/unknown/1.0.0'))
    }
    await until(() => answered === streams.length)
    expect(node.events.filter(({ type }) => type === 'limit:exceeded')).toEqual([])
    expect(connection.status).toBe('open')
  })
})
