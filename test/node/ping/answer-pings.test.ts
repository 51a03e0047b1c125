import { quic } from '@chainsafe/libp2p-quic'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import type { Ping } from '@libp2p/ping'
import { webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { PINGS, PingAnswers } from '../../../src/node/ping/answer-pings.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { startPeer, stopPeers } from '../../support/peers/peer.ts'
import { until } from '../../support/peers/until.ts'
import { type WatchedNode, watchNode } from '../../support/watched-node.ts'

const PING = '/ipfs/ping/1.0.0'
const LISTEN = ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws', '/ip4/127.0.0.1/udp/0/quic-v1']

async function peer(): Promise<Libp2p> {
  const started = await startPeer({ listen: [], transports: [webSockets(), quic()] })
  onTestFinished(() => stopPeers([started]))
  return started
}

/** A node of ours to which a peer has connected. */
async function met(listen: string, clock?: ManualClock) {
  const node = watchNode({ listen: [listen] }, clock)
  const other = await peer()
  const address = multiaddr(await node.address())
  await other.dial(address)
  return { node, other, address }
}

/** A stream as libp2p hands it over late: what came first waits in its buffer, and its end is past. */
class LateStream extends EventTarget {
  status = 'open'
  readStatus = 'readable'
  writeStatus = 'writable'
  remoteWriteStatus: 'writable' | 'closed' = 'closed'
  readBufferLength = 32
  /** False: as QUIC's, it wants a pause after each piece. */
  takesMore = true
  readonly sent: Uint8Array[] = []

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    super.addEventListener(...args)
    if (args[0] !== 'message') return
    queueMicrotask(() => {
      this.readBufferLength = 0
      this.dispatchEvent(Object.assign(new Event('message'), { data: new Uint8Array(32) }))
    })
  }

  send(data: Uint8Array): boolean {
    this.sent.push(data)
    return this.takesMore
  }

  pause(): void {
    this.readStatus = 'paused'
  }

  resume(): void {
    if (this.readStatus !== 'paused') throw new Error('Cannot resume a stream that is closing/closed')
    this.readStatus = 'readable'
  }

  async close(): Promise<void> {
    this.status = 'closed'
    this.readStatus = 'closed'
  }
}

/** Has a stream answered by itself, outside of a node. */
function answer(stream: LateStream): void {
  const answers = new PingAnswers({ clock: new ManualClock(), exceeded: () => {} })
  answers.answer(stream as unknown as Stream, {} as Connection)
}

const pingStreams = (node: WatchedNode) =>
  [...node.state().connections.values()]
    .flatMap(({ streams }) => streams)
    .filter(({ protocol, direction }) => protocol === PING && direction === 'inbound')

/** How many were answered: of many at once one event tells. */
const answers = (node: WatchedNode) =>
  node.events.reduce((sum, event) => (event.type === 'ping:answered' ? sum + (event.count ?? 1) : sum), 0)

describe.each(LISTEN)('pings of others over %s', listen => {
  it('are answered, each on a stream that ends with it', async () => {
    const { node, other, address } = await met(listen)
    const { ping } = other.services.ping as Ping
    // More of them than one connection may have streams.
    for (let sent = 0; sent < 25; sent += 1) await ping.call(other.services.ping, address)
    await until(() => answers(node) === 25 && pingStreams(node).length === 0)
  })
})

describe('a ping stream of another', () => {
  async function opened() {
    const { node, other, address } = await met('/ip4/127.0.0.1/tcp/0')
    const stream: Stream = await other.dialProtocol(address, PING)
    const got: Uint8Array[] = []
    stream.addEventListener('message', ({ data }) => got.push(data.subarray()))
    return { node, stream, got: () => Buffer.concat(got) }
  }

  it('may carry many, in pieces of any size', async () => {
    const { node, stream, got } = await opened()
    const bytes = crypto.getRandomValues(new Uint8Array(32 * 5))
    for (const [from, to] of [
      [0, 7],
      [7, 100],
      [100, 160],
    ] as const) {
      stream.send(bytes.subarray(from, to))
      await until(() => got().length === to)
    }
    expect(got()).toEqual(Buffer.from(bytes))
    expect(answers(node)).toBe(5)
    expect(pingStreams(node).length).toBe(1)
  })

  it('is closed once all that came before its end is answered', async () => {
    const { node, stream, got } = await opened()
    const bytes = crypto.getRandomValues(new Uint8Array(32 * 1000))
    stream.send(bytes)
    await stream.close()
    await until(() => got().length === bytes.length && stream.status === 'closed')
    await until(() => pingStreams(node).length === 0)
    await until(() => answers(node) === 1000)
  })

  it('holds no more than it takes back', async () => {
    const { node, stream } = await opened()
    stream.pause()
    const flood = new Uint8Array(64 * 1024)
    // What one side of a stream takes before it waits, several times over.
    for (let sent = 0; sent < 64 && stream.send(flood); sent += 1) await new Promise(setImmediate)
    expect(pingStreams(node).length).toBe(1)
    stream.resume()
    await stream.close()
    await until(() => pingStreams(node).length === 0)
  })

  it.each(LISTEN)('is answered later where it brings too many, over %s', async listen => {
    const clock = new ManualClock()
    const { node, other, address } = await met(listen, clock)
    const stream = await other.dialProtocol(address, PING)
    let got = 0
    stream.addEventListener('message', ({ data }) => {
      got += data.byteLength
    })
    const some = new Uint8Array(32 * 1_000)
    const times = PINGS.burst / 1_000 + 3
    for (let sent = 0; sent < times; sent += 1) {
      if (!stream.send(some))
        await new Promise(more => stream.addEventListener('drain', more, { once: true }))
    }
    expect(await node.heard('limit:exceeded')).toMatchObject({
      limit: 'pings',
      action: 'delayed',
      peerId: other.peerId.toString(),
      reason: 'It pings more than 1,000 times a second: its answers wait',
    })
    // Who waits is not cut off, and may do all else.
    await other.dialProtocol(address, '/ipfs/id/1.0.0')
    expect(got).toBeLessThan(times * some.length)
    await stream.close()
    await until(() => {
      clock.advance(100)
      return got === times * some.length && pingStreams(node).length === 0
    })
  })

  it('that had ended before anybody read it is answered and closed', async () => {
    const stream = new LateStream()
    answer(stream)
    await until(() => stream.status === 'closed')
    expect(stream.sent).toHaveLength(1)
  })

  it('may be closing when it takes more again', async () => {
    const stream = Object.assign(new LateStream(), { takesMore: false, remoteWriteStatus: 'writable' })
    answer(stream)
    await until(() => stream.readStatus === 'paused')
    await stream.close()
    const thrown: unknown[] = []
    const note = (error: unknown) => thrown.push(error)
    process.prependListener('uncaughtException', note)
    stream.dispatchEvent(new Event('drain'))
    await new Promise(setImmediate)
    process.removeListener('uncaughtException', note)
    expect(thrown).toEqual([])
  })
})
