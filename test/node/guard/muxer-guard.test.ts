import { yamux } from '@chainsafe/libp2p-yamux'
import type { Logger, Stream } from '@libp2p/interface'
import { AbstractMultiaddrConnection } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { Budgets } from '../../../src/node/guard/budget.ts'
import {
  ConnectionGuard,
  GOODBYE_MS,
  LAST_BYTES_MS,
  MOST_REPLIES,
} from '../../../src/node/guard/connection-guard.ts'
import { guardMuxer } from '../../../src/node/guard/muxer-guard.ts'
import type { YamuxMuxer } from '../../../src/node/guard/parts.ts'
import type { Excess } from '../../../src/node/limits/node-limits.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { FLAG, FRAME, frame, frames } from '../../support/peers/raw-peer.ts'
import { turns } from '../../support/peers/until.ts'

const SILENT: Logger = Object.assign(() => {}, {
  enabled: false,
  trace: () => {},
  error: () => {},
  newScope: () => SILENT,
})

/** A raw connection whose socket takes what it is given, or nothing at all. */
class TestConnection extends AbstractMultiaddrConnection {
  taken = 0
  sent: Uint8Array[] = []
  full = false

  constructor() {
    super({ remoteAddr: multiaddr('/ip4/192.0.2.1/tcp/4001'), direction: 'inbound', log: SILENT })
  }

  sendData(data: Parameters<AbstractMultiaddrConnection['sendData']>[0]) {
    const { byteLength } = data
    this.taken += byteLength
    this.sent.push(data.subarray())
    return { sentBytes: byteLength, canSendMore: !this.full }
  }

  drain(): void {
    this.full = false
    this.dispatchEvent(new Event('drain'))
  }

  async sendClose(): Promise<void> {}
  sendReset(): void {}
  sendPause(): void {}
  sendResume(): void {}
}

type World = ReturnType<typeof world>

/** A muxer of yamux behind a guard, on a connection that a test plays. */
function world() {
  const clock = new ManualClock()
  const told: Excess[] = []
  const raw = new TestConnection()
  const guard = new ConnectionGuard(raw as never, {
    clock,
    budgets: new Budgets(clock),
    framingOf: () => undefined,
    exceeded: excess => told.push(excess),
  })
  const factory = yamux({ enableKeepAlive: false })()
  const muxer = factory.createStreamMuxer(raw) as unknown as YamuxMuxer
  guardMuxer(muxer, raw as never, guard, () => [])
  /** Brings bytes, and waits while others have their turn. */
  const receive = async (...bytes: Uint8Array[]): Promise<void> => {
    raw.onData(Buffer.concat(bytes))
    if (raw.status === 'open' && raw.readStatus === 'paused') await turns(1)
  }
  return { clock, told, raw, muxer, receive }
}

describe('a peer that does not read', () => {
  it('has no more than a megabyte of replies wait for it, however slowly it asks, and is closed then', async () => {
    const { clock, told, raw, receive } = world()
    raw.full = true
    let longest = 0
    for (let id = 0; raw.status === 'open' && id < 200_000; id += 1) {
      await receive(frames.ping(id))
      clock.advance(1)
      longest = Math.max(longest, raw.writeBufferLength)
    }
    expect(longest).toBeGreaterThan(MOST_REPLIES / 2)
    expect(longest).toBeLessThan(MOST_REPLIES + 1024)
    expect(told).toMatchObject([{ limit: 'replies', action: 'closed', host: '192.0.2.1' }])
    expect(raw.status).toBe('aborted')
  })

  it('leaves data in its stream, however large it says that its window is', async () => {
    const { raw, muxer, receive } = world()
    raw.full = true
    await receive(frames.open(1))
    const [stream] = muxer.streams
    stream?.send(new Uint8Array(8 * 1024 * 1024))
    const { taken } = raw
    for (let time = 0; time < 100; time += 1) {
      await receive(frames.window(1, 1024 * 1024))
      await Promise.resolve()
    }
    expect(raw.taken).toBe(taken)
    expect(raw.writeBufferLength).toBeLessThan(64 * 1024)
    // Nothing is lost: it goes on when there is room.
    for (let before = raw.taken; (stream?.writeBufferLength ?? 0) > 0; before = raw.taken) {
      raw.drain()
      raw.full = true
      await turns(1)
      // A frame at a time, and none too long for anybody.
      expect(raw.taken - before).toBeLessThan(257 * 1024)
      expect(raw.taken).toBeGreaterThan(before)
    }
  })
})

it('reads nothing more of a connection that is cut off, and pauses it until it is gone', async () => {
  const { clock, told, raw, receive } = world()
  let pings = 0
  for (; told.length === 0; pings += 1) await receive(frames.ping(pings))
  expect(told).toMatchObject([{ limit: 'frames', action: 'closed' }])
  expect(raw.readStatus).toBe('paused')
  const { taken } = raw
  for (let more = 0; more < 1_000; more += 1) await receive(frames.ping(more))
  expect(raw.taken).toBe(taken)
  clock.advance(GOODBYE_MS)
  expect(raw.status).toBe('aborted')
})

it('a peer that says it goes, and does not read what was written for it, is cut off', async () => {
  const { clock, raw, receive } = world()
  raw.full = true
  await receive(frames.ping(1), frame(FRAME.goAway, 0, 0, 0))
  clock.advance(GOODBYE_MS)
  await turns(1)
  expect(raw.status).toBe('closing')
  clock.advance(LAST_BYTES_MS - 1)
  expect(raw.status).toBe('closing')
  clock.advance(1)
  expect(raw.status).toBe('aborted')
  expect(clock.pending).toBe(0)
})

describe('a stream that begins when the connection is at its end', () => {
  const GO_AWAY = frame(FRAME.goAway, 0, 0, 0)

  it.each([
    ['after a GoAway', ({ receive }: World) => receive(GO_AWAY)],
    [
      'while our side closes',
      async ({ muxer }: World) => {
        // It waits for a stream that has still something to say.
        const stream = await muxer.createStream()
        stream.close = () => new Promise(() => {})
        void muxer.close()
      },
    ],
  ])('is refused, and nobody hears of it: %s', async (_, ends) => {
    const parts = world()
    const { raw, muxer, receive } = parts
    const opened: Stream[] = []
    muxer.addEventListener('stream', ({ detail }) => void opened.push(detail))
    await ends(parts)
    const before = muxer.streams.length
    raw.sent = []
    await receive(frames.open(1), frames.data(3, new Uint8Array(8), FLAG.syn))
    expect(Buffer.concat(raw.sent)).toEqual(Buffer.concat([frames.reset(1), frames.reset(3)]))
    expect(opened).toEqual([])
    expect(muxer.streams).toHaveLength(before)
  })
})

describe('a connection that closes while its other side goes on', () => {
  it('throws at nobody who answers on one of its streams', async () => {
    const { raw, muxer, receive } = world()
    const opened: Stream[] = []
    muxer.addEventListener('stream', ({ detail }) => void opened.push(detail))
    await receive(frames.open(1))
    const [stream] = opened
    // What was sent has not left yet.
    raw.sendClose = () => new Promise(() => {})
    void raw.close()
    expect(raw.status).toBe('closing')
    expect(() => stream?.send(new Uint8Array(32))).not.toThrow()
    stream?.pause()
    await receive(frames.data(1, new Uint8Array(8)))
    expect(() => stream?.resume()).not.toThrow()
  })
})
