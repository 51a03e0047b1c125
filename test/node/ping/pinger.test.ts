import type { Connection, Libp2p } from '@libp2p/interface'
import { PING_PROTOCOL } from '@libp2p/ping'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/core/clock.ts'
import type { NewEvent } from '../../../src/core/events.ts'
import { RequestFailed } from '../../../src/core/failure.ts'
import { safeText } from '../../../src/core/safe-text.ts'
import { Pinger, type PingerOptions } from '../../../src/node/ping/pinger.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import * as odd from '../../support/peers/odd-pingers.ts'
import { addressOf, startPeer, stopPeers } from '../../support/peers/peer.ts'
import { turns, until } from '../../support/peers/until.ts'

const nodes: Libp2p[] = []
let clock: ManualClock
let events: NewEvent[]
let me: Libp2p

beforeEach(async () => {
  clock = new ManualClock()
  events = []
  me = await started(startPeer({ listen: [] }))
})

afterEach(async () => {
  await stopPeers(nodes.splice(0))
})

async function started(node: Promise<Libp2p>): Promise<Libp2p> {
  nodes.push(await node)
  return node
}

async function dialed(peer: Libp2p): Promise<{ id: string; connection: Connection }> {
  if (!nodes.includes(peer)) nodes.push(peer)
  return { id: peer.peerId.toString(), connection: await me.dial(addressOf(peer)) }
}

function pinger(options: Partial<PingerOptions> = {}): Pinger {
  return new Pinger({ libp2p: me, clock, emit: event => events.push(event), intervalMs: 0, ...options })
}

const request = (signal = new AbortController().signal) => ({ signal, requestId: safeText('r1') })

/** What was said of pings, in short. */
const said = () =>
  events.map(event =>
    event.type === 'ping:succeeded'
      ? event.cold
        ? 'cold'
        : 'warm'
      : event.type === 'ping:failed'
        ? event.kind
        : event.type,
  )

const pingStreams = (connection: Connection) =>
  connection.streams.filter(stream => stream.protocol === PING_PROTOCOL && stream.status === 'open')

/** The failure that a ping ends in. */
const failure = (ping: Promise<unknown>) =>
  ping.then(
    () => expect.fail('the ping was answered'),
    (error: unknown) => (error instanceof RequestFailed ? error.failure : expect.fail(String(error))),
  )

describe('pinging a peer', () => {
  it('gives the warm round trip, and tells the cold one apart', async () => {
    const { id, connection } = await dialed(await started(startPeer()))
    const pings = pinger({ clock: systemClock })
    const result = await pings.ping(id, request())
    expect(said()).toEqual(['cold', 'warm'])
    expect(events[1]).toEqual({
      type: 'ping:succeeded',
      peerId: id,
      requestId: 'r1',
      rttMs: result.rttMs,
      cold: false,
    })
    expect(result.cold).toBe(false)
    expect(result.rttMs).toBeGreaterThan(0)
    await pings.ping(id, request())
    expect(said()).toEqual(['cold', 'warm', 'warm'])
    expect(pingStreams(connection)).toHaveLength(1)
  })

  it('measures parts of a millisecond', async () => {
    const { id } = await dialed(await started(startPeer()))
    const pings = pinger({ clock: systemClock })
    const rtts = []
    for (let n = 0; n < 5; n++) rtts.push((await pings.ping(id, request())).rttMs)
    expect(rtts.some(rtt => !Number.isInteger(rtt))).toBe(true)
  })

  it('does not count the opening of the stream', async () => {
    const { id, connection } = await dialed((await odd.startEcho()).peer)
    const newStream = connection.newStream.bind(connection)
    connection.newStream = async (...args) => {
      const stream = await newStream(...args)
      clock.advance(400)
      return stream
    }
    await pinger().ping(id, request())
    expect(events).toMatchObject([{ rttMs: 0 }, { rttMs: 0 }])
  })

  it('waits for all 32 bytes when the answer comes in crumbs', async () => {
    const { id } = await dialed((await odd.startCrumbling()).peer)
    await pinger().ping(id, request())
    expect(said()).toEqual(['cold', 'warm'])
  })

  it('never has two pings of one peer under way', async () => {
    let open = 0
    let most = 0
    const echo = await odd.startPinger((ping, { stream }) => {
      most = Math.max(most, ++open)
      setImmediate(() => {
        open--
        stream.send(ping)
      })
    })
    const { id } = await dialed(echo.peer)
    const pings = pinger()
    await Promise.all(Array.from({ length: 10 }, () => pings.ping(id, request())))
    expect(most).toBe(1)
    expect(echo.streams).toHaveLength(1)
    expect(said()).toEqual(['cold', ...Array(10).fill('warm')])
  })

  it('says of a peer that is not connected that it is not', async () => {
    const stranger = (await started(startPeer())).peerId.toString()
    expect(await failure(pinger().ping(stranger, request()))).toMatchObject({
      cause: 'Not connected to this peer',
    })
    expect(events).toMatchObject([{ type: 'ping:failed', kind: 'unreachable', requestId: 'r1' }])
  })
})

describe('a stream that ends', () => {
  it('is opened again without a word when the other side closed it between pings', async () => {
    const echo = await odd.startEcho()
    const { id, connection } = await dialed(echo.peer)
    const pings = pinger()
    await pings.ping(id, request())
    await echo.streams[0]?.stream.close()
    await until(() => pingStreams(connection).length === 0)
    await pings.ping(id, request())
    expect(said()).toEqual(['cold', 'warm', 'cold', 'warm'])
  })

  it('is opened again when it is closed under a ping, if it had worked', async () => {
    const fickle = await odd.startPinger((ping, { stream, pings }) => {
      if (pings.length < 3) stream.send(ping)
      else stream.abort(new Error('enough'))
    })
    const { id } = await dialed(fickle.peer)
    const pings = pinger()
    await pings.ping(id, request())
    await pings.ping(id, request())
    expect(said()).toEqual(['cold', 'warm', 'cold', 'warm'])
  })

  it('goes on over another connection when its own closes', async () => {
    const echo = await odd.startEcho()
    const { id, connection } = await dialed(echo.peer)
    const pings = pinger()
    await pings.ping(id, request())
    await me.dial(addressOf(echo.peer).decapsulate(`/p2p/${id}`), { force: true })
    await connection.close()
    await pings.ping(id, request())
    expect(said()).toEqual(['cold', 'warm', 'cold', 'warm'])
  })

  it('gives the cold round trip when the peer answers once a stream', async () => {
    const { id, connection } = await dialed((await odd.startOnceOnly()).peer)
    const pings = pinger()
    expect(await pings.ping(id, request())).toMatchObject({ cold: true })
    expect(said()).toEqual(['cold'])
    expect(connection.status).toBe('open')
  })
})

describe.each([
  ['garbage', odd.startGarbage, 'It answered with other bytes than were sent'],
  ['garbage', odd.startTalkative, 'It answered with other bytes than were sent'],
  ['closed', odd.startClosing, 'It closed the ping stream before it answered'],
  ['closed', odd.startResetting, 'It closed the ping stream before it answered'],
] as const)('a peer whose answer is: %s', (kind, start, cause) => {
  it('is shown as just that, and its connection lives', async () => {
    const strange = await start()
    const { id, connection } = await dialed(strange.peer)
    const pings = pinger()
    for (let n = 0; n < 3; n++) expect(await failure(pings.ping(id, request()))).toMatchObject({ cause })
    expect(said()).toEqual([kind, kind, kind])
    await turns()
    expect(connection.status).toBe('open')
    expect(pingStreams(connection)).toHaveLength(0)
  })
})

describe('a silent peer', () => {
  it('is out of time, keeps its connection, and holds two streams at the most', async () => {
    const silent = await odd.startSilent()
    const { id, connection } = await dialed(silent.peer)
    const pings = pinger()
    for (let n = 1; n <= 4; n++) {
      const ping = failure(pings.ping(id, request()))
      await until(() => silent.streams[n - 1]?.pings.length === 1)
      clock.advance(5_000)
      expect(await ping).toMatchObject({ stage: 'exchange', cause: 'No answer within 5 s' })
      expect(pingStreams(connection).length).toBeLessThanOrEqual(2)
    }
    expect(said()).toEqual(['timeout', 'timeout', 'timeout', 'timeout'])
    expect(connection.status).toBe('open')
    clock.advance(15_000)
    expect(pingStreams(connection)).toHaveLength(0)
    expect(clock.pending).toBe(0)
  })

  it('does not hold up the pings of others', async () => {
    const silent = await odd.startSilent()
    const { id } = await dialed(silent.peer)
    const { id: other } = await dialed((await odd.startEcho()).peer)
    const pings = pinger()
    const hanging = failure(pings.ping(id, request()))
    await until(() => silent.streams[0]?.pings.length === 1)
    await pings.ping(other, request())
    clock.advance(5_000)
    await hanging
    expect(events.filter(({ type }) => type === 'ping:succeeded')).toHaveLength(2)
  })
})

describe('a slow peer', () => {
  it("never passes a late answer off as the next ping's", async () => {
    const slow = await odd.startSilent()
    const { id } = await dialed(slow.peer)
    const pings = pinger()
    const first = failure(pings.ping(id, request()))
    await until(() => slow.streams[0]?.pings.length === 1)
    clock.advance(5_000)
    await first
    const second = failure(pings.ping(id, request()))
    await until(() => slow.streams[1]?.pings.length === 1)
    clock.advance(2_250)
    answer(slow.streams[0])
    await until(() => slow.streams[0]?.stream.status !== 'open')
    expect(said()).toEqual(['timeout'])
    clock.advance(2_750)
    expect(await second).toMatchObject({
      cause: 'No answer within 5 s; it answers slowly: an earlier answer took 7.25 s',
    })
  })

  it('has its round trip measured from sending to the last byte', async () => {
    const slow = await odd.startSilent()
    const { id } = await dialed(slow.peer)
    const ping = pinger().ping(id, request())
    for (const [count, rtt] of [
      [1, 1_200],
      [2, 80.25],
    ] as const) {
      await until(() => slow.streams[0]?.pings.length === count)
      clock.advance(rtt)
      answer(slow.streams[0])
    }
    expect(await ping).toEqual({ rttMs: 80.25, cold: false })
    expect(events).toMatchObject([{ rttMs: 1_200, cold: true }, { rttMs: 80.25 }])
  })

  function answer(asked: odd.Asked | undefined): void {
    const ping = asked?.pings.at(-1)
    if (ping !== undefined) asked?.stream.send(ping)
  }
})

describe('a peer that does not speak ping', () => {
  it('is asked once a connection, and again when a person asks', async () => {
    const mute = await started(startPeer({ ping: false }))
    const { id, connection } = await dialed(mute)
    let opened = 0
    const newStream = connection.newStream.bind(connection)
    connection.newStream = (...args) => {
      opened++
      return newStream(...args)
    }
    const pings = pinger({ intervalMs: 15_000 })
    pings.peerConnected(id)
    clock.advance(200)
    await until(() => events.length === 1)
    await clock.advanceAsync(60_000, 5_000)
    expect(said()).toEqual(['unsupported'])
    expect(opened).toBe(1)
    expect(await failure(pings.ping(id, request()))).toMatchObject({
      stage: 'protocol',
      cause: 'It does not speak /ipfs/ping/1.0.0',
    })
    expect(opened).toBe(2)
    expect(connection.status).toBe('open')
    const another = await me.dial(addressOf(mute).decapsulate(`/p2p/${id}`), { force: true })
    expect(another.id).not.toBe(connection.id)
    clock.advance(15_000)
    await until(() => events.length === 3)
    expect(said()).toEqual(['unsupported', 'unsupported', 'unsupported'])
    pings.stop()
  })
})

describe('ends', () => {
  it('fails a ping whose peer disconnects', async () => {
    const silent = await odd.startSilent()
    const { id, connection } = await dialed(silent.peer)
    const pings = pinger()
    const ping = failure(pings.ping(id, request()))
    await until(() => silent.streams[0]?.pings.length === 1)
    connection.abort(new Error('gone'))
    pings.peerDisconnected(id)
    expect(await ping).toMatchObject({ cause: 'The connection closed before it answered' })
    expect(said()).toEqual(['unreachable'])
    expect(clock.pending).toBe(0)
  })

  it('lets a person cancel, at once, without counting a loss', async () => {
    const silent = await odd.startSilent()
    const { id } = await dialed(silent.peer)
    const pings = pinger()
    const cancel = new AbortController()
    const running = failure(pings.ping(id, request(cancel.signal)))
    const queued = failure(pings.ping(id, request(cancel.signal)))
    await until(() => silent.streams[0]?.pings.length === 1)
    cancel.abort()
    expect(await running).toMatchObject({ stage: 'request', cause: 'Cancelled' })
    expect(await queued).toMatchObject({ stage: 'request', cause: 'Cancelled' })
    expect(events).toEqual([])
    clock.advance(5_000)
    await turns()
    expect(said()).toEqual(['timeout'])
    expect(silent.streams).toHaveLength(1)
    pings.stop()
  })

  it('stops without a word, a timer or a stream left', async () => {
    const silent = await odd.startSilent()
    const { id, connection } = await dialed(silent.peer)
    const pings = pinger({ intervalMs: 15_000 })
    pings.peerConnected(id)
    const ping = failure(pings.ping(id, request()))
    await until(() => silent.streams[0]?.pings.length === 1)
    pings.stop()
    expect(await ping).toMatchObject({ cause: 'The node is not running' })
    expect(await failure(pings.ping(id, request()))).toMatchObject({ cause: 'The node is not running' })
    expect(events).toEqual([])
    expect(clock.pending).toBe(0)
    expect(pingStreams(connection)).toHaveLength(0)
    expect(connection.status).toBe('open')
  })
})

describe('after a ping that ran out of time', () => {
  it('stops without waiting for the late answer', async () => {
    const silent = await odd.startSilent()
    const { id, connection } = await dialed(silent.peer)
    const pings = pinger()
    const ping = failure(pings.ping(id, request()))
    await until(() => silent.streams[0]?.pings.length === 1)
    clock.advance(5_000)
    await ping
    expect(pingStreams(connection)).toHaveLength(1)
    pings.stop()
    expect(pingStreams(connection)).toHaveLength(0)
    expect(clock.pending).toBe(0)
  })
})

describe('by itself', () => {
  it('pings each connected peer each interval until it disconnects', async () => {
    const { id } = await dialed((await odd.startEcho()).peer)
    const pings = pinger({ intervalMs: 15_000 })
    pings.peerConnected(id)
    clock.advance(200)
    await until(() => events.length === 2)
    clock.advance(14_999)
    await turns()
    expect(said()).toEqual(['cold', 'warm'])
    clock.advance(1)
    await until(() => events.length === 3)
    expect(events[2]).toEqual({ type: 'ping:succeeded', peerId: id, rttMs: 0, cold: false })
    pings.peerDisconnected(id)
    expect(clock.pending).toBe(0)
  })
})

describe('while a person keeps pinging', () => {
  it('pings once a second, and goes back to the slow pace afterwards', async () => {
    const { id } = await dialed((await odd.startEcho()).peer)
    const pings = pinger({ intervalMs: 15_000 })
    pings.peerConnected(id)
    expect(pings.keepPinging(id, true, safeText('k1'))).toBe(true)
    expect(pings.keepPinging(id, true, safeText('k2'))).toBe(true)
    await until(() => events.length === 3)
    for (let count = 4; count < 8; count++) {
      clock.advance(1_000)
      await until(() => events.length === count)
    }
    expect(pings.keepPinging(id, false, safeText('k3'))).toBe(false)
    expect(pings.keepPinging(id, false, safeText('k4'))).toBe(false)
    expect(said()).toEqual(['ping:started', 'cold', ...Array(5).fill('warm'), 'ping:stopped'])
    expect(events[0]).toEqual({ type: 'ping:started', requestId: 'k1', peerId: id, intervalMs: 1_000 })
    expect(events.at(-1)).toEqual({ type: 'ping:stopped', requestId: 'k3', peerId: id })
    clock.advance(14_999)
    await turns()
    expect(events).toHaveLength(8)
    clock.advance(1)
    await until(() => events.length === 9)
    pings.stop()
  })

  it('rests while the peer is away, and goes on when it is back', async () => {
    const echo = await odd.startEcho()
    const { id, connection } = await dialed(echo.peer)
    const pings = pinger()
    pings.keepPinging(id, true, safeText('k1'))
    await until(() => events.length === 3)
    await connection.close()
    pings.peerDisconnected(id)
    await clock.advanceAsync(10_000, 1_000)
    expect(events).toHaveLength(3)
    await dialed(echo.peer)
    pings.peerConnected(id)
    await until(() => events.length === 5)
    expect(said().slice(3)).toEqual(['cold', 'warm'])
    pings.stop()
  })

  it('does not pile up pings that hang', async () => {
    const silent = await odd.startSilent()
    const { id } = await dialed(silent.peer)
    const pings = pinger()
    pings.keepPinging(id, true, safeText('k1'))
    await until(() => silent.streams[0]?.pings.length === 1)
    await clock.advanceAsync(4_000, 1_000)
    expect(silent.streams).toHaveLength(1)
    pings.stop()
  })

  it('ends by itself with a peer that does not speak ping', async () => {
    const { id } = await dialed(await started(startPeer({ ping: false })))
    const pings = pinger()
    pings.keepPinging(id, true, safeText('k1'))
    await until(() => events.length === 3)
    expect(said()).toEqual(['ping:started', 'unsupported', 'ping:stopped'])
    expect(clock.pending).toBe(0)
  })

  it('cannot start with a peer that is not connected', async () => {
    const stranger = (await started(startPeer())).peerId.toString()
    expect(() => pinger().keepPinging(stranger, true, safeText('k1'))).toThrow('Not connected')
    expect(events).toEqual([])
  })
})
