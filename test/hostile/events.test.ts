/** Floods of events: one who pings, or opens streams, as fast as it can. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Libp2p, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import type { NodeEvent } from '../../src/core/events.ts'
import { startWorkerPort } from '../../src/node/port/worker-port.ts'
import { TEST_DHT } from '../support/peers/dht-peers.ts'
import { addressOf, startPeer, stopPeers } from '../support/peers/peer.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { LOOPBACK, watchNode, watchPort } from '../support/watched-node.ts'

const PING = '/ipfs/ping/1.0.0'
const PINGS = 20_000
const STREAMS = 1_000
/** libp2p allows ten streams of pings on a connection. */
const AT_ONCE = 5

async function startStranger(): Promise<Libp2p> {
  const stranger = await startPeer()
  onTestFinished(() => stopPeers([stranger]))
  return stranger
}

/** Many pings in a few frames, and waits for all their answers. */
async function floodWithPings(stranger: Libp2p, address: string, pings: number): Promise<void> {
  const stream = await stranger.dialProtocol(multiaddr(address), PING)
  let left = pings * 32
  const answered = new Promise<void>(resolve =>
    stream.addEventListener('message', ({ data }) => {
      left -= data.byteLength
      if (left <= 0) resolve()
    }),
  )
  for (let sent = 0; sent < pings; sent += 500) {
    if (!stream.send(Buffer.alloc(32 * 500))) await stream.onDrain()
  }
  await answered
}

const sum = (events: readonly { count?: number | undefined }[]) =>
  events.reduce((all, { count = 1 }) => all + count, 0)
const of = <T extends NodeEvent['type']>(events: readonly NodeEvent[], type: T) =>
  events.filter(event => event.type === type) as unknown as NodeEvent<T>[]

describe('a stranger who pings as fast as it can', () => {
  it('is told of in few events that add up, and none of what the operator did is lost to a slow reader', async () => {
    const node = watchNode()
    const address = await node.address()
    const [stranger, friend] = await Promise.all([startStranger(), startStranger()])
    // It does not read until all is over, and has room for little.
    const slow = node.port.subscribe({ capacity: 64 })
    await slow.next()
    const flood = floodWithPings(stranger, address, PINGS)
    for (let n = 0; n < 6; n += 1) await node.port.request('dial', { target: addressOf(friend).toString() })
    await flood
    const answered = () => of(node.events, 'ping:answered')
    await node.heard('ping:answered', () => sum(answered()) === PINGS)
    expect(answered().length).toBeLessThan(150)
    expect(answered().at(-1)?.peerId).toBe(stranger.peerId.toString())

    const batch = await slow.next()
    expect(of(batch?.events ?? [], 'dial:succeeded')).toHaveLength(6)
    expect(batch?.lost?.[0]).toMatchObject({ type: 'ping:answered', peerId: stranger.peerId.toString() })
  })

  it('does not grow the log file, which has all that the operator did and the end', async () => {
    const logFile = join(await scratchDirectory(), 'events.json')
    const port = startWorkerPort({ ...LOOPBACK, logFile })
    onTestFinished(() => port.stop())
    const node = watchPort(port, { recent: true })
    const address = await node.address()
    const [stranger, friend] = await Promise.all([startStranger(), startStranger()])
    const flood = floodWithPings(stranger, address, PINGS)
    for (let n = 0; n < 6; n += 1) await port.request('dial', { target: addressOf(friend).toString() })
    await flood
    await node.heard('ping:answered', () => sum(of(node.events, 'ping:answered')) === PINGS)
    await port.stop()
    const text = await readFile(logFile, 'utf8')
    const events = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as NodeEvent)
    expect(sum(of(events, 'ping:answered'))).toBe(PINGS)
    expect(of(events, 'dial:succeeded')).toHaveLength(6)
    expect(events.at(-1)?.type).toBe('node:stopped')
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, n) => n + 1))
    // A line for each ping would be three megabytes.
    expect(text.length).toBeLessThan(300_000)
  })
})

describe('a stranger whose streams come and go', () => {
  it('leaves no ghosts in the state, and few events', async () => {
    // Of the other protocols a connection may have few.
    const node = watchNode({ dht: { network: TEST_DHT, server: true } }, systemClock)
    const stranger = await startStranger()
    const connection = await stranger.dial(multiaddr(await node.address()))
    await node.heard('connection:opened')
    const ended = (stream: Stream): Promise<void> =>
      new Promise(resolve => stream.addEventListener('close', () => resolve(), { once: true }))
    for (let n = 0; n < STREAMS; n += AT_ONCE) {
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          const stream = await connection.newStream(TEST_DHT)
          const closed = ended(stream)
          await stream.close()
          await closed
        }),
      )
    }
    const closed = () => of(node.events, 'stream:closed').filter(({ direction }) => direction === 'inbound')
    // Those of identify as well.
    await node.heard('stream:closed', () => sum(closed()) >= STREAMS)
    expect(closed().length).toBeLessThan(STREAMS / 4)
    const { streams = [] } =
      node.state().connections.get(node.state().connections.keySeq().first() ?? '') ?? {}
    expect(streams.filter(({ protocol }) => protocol === TEST_DHT)).toEqual([])
  })
})
