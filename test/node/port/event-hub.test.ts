import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { say } from '../../../src/core/safe-text.ts'
import { EventHub } from '../../../src/node/port/event-hub.ts'
import { reduceSwarm } from '../../../src/store/swarm/reduce.ts'
import { fromSnapshot } from '../../../src/store/swarm/snapshot.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { comparable } from '../../support/port-reader.ts'

const pong = (n: number): NewEvent => ({
  type: 'ping:succeeded',
  peerId: say`peer-${n % 3}`,
  rttMs: n,
  cold: false,
})

function hubWith(events: number): EventHub {
  const hub = new EventHub(new ManualClock())
  for (let n = 0; n < events; n += 1) hub.emit(pong(n))
  return hub
}

describe('the event hub', () => {
  it('numbers and times events', async () => {
    const clock = new ManualClock(1000)
    const hub = new EventHub(clock)
    const reader = hub.subscribe()
    hub.emit(pong(0))
    clock.advance(5)
    hub.emit(pong(1))
    const batch = await reader.next()
    expect(batch?.events.map(({ v, seq, time }) => ({ v, seq, time }))).toEqual([
      { v: 1, seq: 1, time: 1000 },
      { v: 1, seq: 2, time: 1005 },
    ])
  })

  it('wakes a reader that waits', async () => {
    const hub = hubWith(0)
    const reader = hub.subscribe()
    await reader.next()
    const waiting = reader.next()
    hub.emit(pong(0))
    expect(await waiting).toMatchObject({ dropped: 0, events: [{ seq: 1 }] })
  })

  it('gives routine to a reader that wants that together, after its wait', async () => {
    const clock = new ManualClock()
    const hub = new EventHub(clock)
    const reader = hub.subscribe({ routineWaitMs: 1000 })
    await reader.next()
    hub.emit(pong(0))
    clock.advance(600)
    const batch = reader.next()
    hub.emit(pong(1))
    clock.advance(399)
    hub.emit(pong(2))
    expect(clock.pending).toBe(1)
    clock.advance(1)
    expect((await batch)?.events.map(({ seq }) => seq)).toEqual([1, 2, 3])
    expect(clock.pending).toBe(0)
  })

  const asked: NewEvent = { ...pong(0), requestId: say`r1` }
  const news: NewEvent = {
    type: 'peer:expired',
    peerId: say`peer-0`,
    addresses: [],
    source: 'mdns',
    reason: 'ttl',
  }
  const keep: NewEvent = { type: 'ping:started', peerId: say`peer-0`, intervalMs: 1000 }
  it.each<[what: string, before: NewEvent[], now: NewEvent[]]>([
    ['news', [], [news]],
    ['what somebody asked for', [], [asked]],
    ['the pings of a peer that a person keeps pinging', [pong(0), keep], [pong(0)]],
    ['routine when there is much of it', [], Array.from({ length: 33 }, () => pong(1))],
  ])('does not let %s wait, nor what came before it', async (_, before, now) => {
    const clock = new ManualClock()
    const hub = new EventHub(clock)
    for (const event of before) hub.emit(event)
    const reader = hub.subscribe({ routineWaitMs: 1000 })
    await reader.next()
    const batch = reader.next()
    hub.emit(pong(2))
    for (const event of now) hub.emit(event)
    expect((await batch)?.events.length).toBeGreaterThan(1)
    expect(clock.pending).toBe(0)
  })

  it('pauses between the snapshots of a large swarm, counting what is lost meanwhile', async () => {
    const clock = new ManualClock()
    const hub = new EventHub(clock)
    for (let n = 0; n < 2000; n += 1) {
      hub.emit({ type: 'peer:discovered', peerId: say`peer-${n}`, addresses: [], source: 'mdns' })
    }
    const reader = hub.subscribe({ capacity: 4 })
    await reader.next()
    const lose = (): void => {
      for (let n = 0; n < 10; n += 1) hub.emit(pong(n))
    }
    lose()
    const batch = reader.next()
    clock.advance(99)
    lose()
    clock.advance(1)
    expect(await batch).toMatchObject({ dropped: 16, snapshot: { seq: 2020 } })
    // After a while without one, the next loss is repaired at once.
    clock.advance(100)
    lose()
    expect(await reader.next()).toMatchObject({ dropped: 6, snapshot: { seq: 2030 } })
  })

  it('does not let a reader wait for the end', async () => {
    const clock = new ManualClock()
    const hub = new EventHub(clock)
    const reader = hub.subscribe({ routineWaitMs: 1000 })
    await reader.next()
    hub.emit(pong(0))
    const rest = reader.next()
    hub.close()
    expect((await rest)?.events).toHaveLength(1)
    expect(await reader.next()).toBeUndefined()
    expect(clock.pending).toBe(0)
  })

  it('gives a reader that waits several times a batch each', async () => {
    const hub = hubWith(0)
    const reader = hub.subscribe()
    await reader.next()
    const waiting = [reader.next(), reader.next(), reader.next()]
    hub.emit(pong(0))
    hub.emit(pong(1))
    hub.close()
    expect((await Promise.all(waiting)).map(batch => batch?.events[0]?.seq)).toEqual([1, 2, undefined])
  })

  it('tells a slow reader how many events it lost, and the state that they led to', async () => {
    const hub = hubWith(10)
    const reader = hub.subscribe({ capacity: 4 })
    expect(await reader.next()).toMatchObject({ dropped: 0, events: [], snapshot: { seq: 10 } })
    for (let n = 0; n < 9; n += 1) hub.emit(pong(n))
    const batch = await reader.next()
    expect(batch?.dropped).toBe(5)
    expect(batch?.events.map(({ seq }) => seq)).toEqual([16, 17, 18, 19])
    if (batch?.snapshot === undefined) throw new Error('no snapshot')
    const state = batch.events.reduce(reduceSwarm, fromSnapshot(batch.snapshot))
    expect(comparable(state)).toEqual(comparable(hub.state))
    hub.emit(pong(0))
    expect(await reader.next()).not.toHaveProperty('snapshot')
  })

  it('has lost nothing when the ring is just full', async () => {
    const hub = hubWith(0)
    const reader = hub.subscribe({ capacity: 4 })
    for (let n = 0; n < 4; n += 1) hub.emit(pong(n))
    expect(await reader.next()).toMatchObject({ dropped: 0 })
  })

  it('lends what is rare the room that is free, until it is needed', async () => {
    const hub = hubWith(0)
    const reader = hub.subscribe({ capacity: 4 })
    await reader.next()
    const seqs = async () => (await reader.next())?.events.map(({ seq }) => seq)
    for (let n = 0; n < 8; n += 1) hub.emit({ ...pong(n), requestId: say`r${n}` })
    expect(await seqs()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    for (let n = 0; n < 8; n += 1) hub.emit({ ...pong(n), requestId: say`r${n}` })
    for (let n = 0; n < 6; n += 1) hub.emit(pong(n))
    expect(await seqs()).toEqual([13, 14, 15, 16, 19, 20, 21, 22])
  })

  it('gives readers the rest when it closes, and takes nothing more', async () => {
    const hub = hubWith(0)
    const reader = hub.subscribe()
    hub.emit(pong(0))
    hub.close()
    hub.emit(pong(1))
    expect((await reader.next())?.events).toHaveLength(1)
    expect(await reader.next()).toBeUndefined()
    expect(hub.state.seq).toBe(1)
    expect(await hub.subscribe().next()).toBeUndefined()
  })

  it('forgets a reader that has left', async () => {
    const hub = hubWith(0)
    const reader = hub.subscribe()
    const other = hub.subscribe()
    reader.close()
    hub.emit(pong(0))
    expect(await reader.next()).toBeUndefined()
    expect((await other.next())?.events).toHaveLength(1)
  })

  it('keeps less of what is large, and counts it as lost', async () => {
    const hub = hubWith(0)
    const reader = hub.subscribe()
    await reader.next()
    const figures = { bytesIn: 1, bytesOut: 1, rateIn: 1, rateOut: 1 }
    const peers = Array.from({ length: 1000 }, (_, n) => ({ peerId: say`p${n}`, ...figures }))
    const sample: NewEvent = {
      type: 'traffic:sampled',
      periodMs: 1000,
      streams: [],
      total: figures,
      connections: [],
      peers,
      protocols: [],
    }
    for (let n = 0; n < 100; n += 1) hub.emit(sample)
    const batch = await reader.next()
    expect(batch?.events).toHaveLength(32)
    expect(batch?.dropped).toBe(68)
    // What was taken does not weigh on what comes.
    for (let n = 0; n < 32; n += 1) hub.emit(sample)
    expect(await reader.next()).toMatchObject({ dropped: 0 })
  })

  it('hands on an event that is too large by itself', async () => {
    const hub = hubWith(0)
    const reader = hub.subscribe()
    const figures = { bytesIn: 1, bytesOut: 1, rateIn: 1, rateOut: 1 }
    const peers = Array.from({ length: 40_000 }, (_, n) => ({ peerId: say`p${n}`, ...figures }))
    hub.emit({
      type: 'traffic:sampled',
      periodMs: 1,
      streams: [],
      total: figures,
      connections: [],
      peers,
      protocols: [],
    })
    expect(await reader.next()).toMatchObject({ dropped: 0, events: [{ seq: 1 }] })
  })

  it('gives a late reader the latest events too, if it wants them, with nothing counted twice', async () => {
    const hub = hubWith(2000)
    const reader = hub.subscribe({ recent: true })
    const small = hub.subscribe({ recent: true, capacity: 10 })
    hub.emit(pong(0))
    const batch = await reader.next()
    expect(batch?.dropped).toBe(0)
    expect(batch?.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 1025 }, (_, n) => 977 + n))
    if (batch?.snapshot === undefined) throw new Error('no snapshot')
    const state = batch.events.reduce(reduceSwarm, fromSnapshot(batch.snapshot))
    expect(comparable(state)).toEqual(comparable(hub.state))
    expect((await small.next())?.events.at(-1)?.seq).toBe(2001)
  })
})
