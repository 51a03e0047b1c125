import { beforeEach, describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { RequestFailed } from '../../../src/core/failure.ts'
import { say } from '../../../src/core/safe-text.ts'
import { backoffMs } from '../../../src/node/plans/backoff.ts'
import { Keeper } from '../../../src/node/plans/keeper.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { ANNA, connected } from '../../support/swarms.ts'

let clock: ManualClock
let events: NewEvent[]
let dials: AbortSignal[]
let reachable: boolean
let isConnected: boolean
let keeper: Keeper

beforeEach(() => {
  clock = new ManualClock()
  events = []
  dials = []
  reachable = false
  isConnected = false
  keeper = new Keeper({
    clock,
    emit: event => events.push(event),
    isConnected: () => isConnected,
    random: () => 0,
    dial: async (_, { signal }) => {
      dials.push(signal)
      if (!reachable) throw new RequestFailed({ stage: 'connect', cause: say`Refused`, hint: say`Wait` })
      open()
    },
  })
})

function open(): void {
  isConnected = true
  keeper.heard(connected(ANNA, '/ip4/192.0.2.1/tcp/1'))
}

function lose(): void {
  isConnected = false
  const figures = { durationMs: 1, bytesIn: 0, bytesOut: 0, reason: say`over` }
  keeper.heard({ type: 'connection:closed', peerId: ANNA, connectionId: say`c1`, ...figures })
}

const pass = (ms: number) => clock.advanceAsync(ms, 500)
const waits = () => events.flatMap(event => (event.type === 'keep:tried' ? [event.nextInMs] : []))

describe('the keeper', () => {
  it('dials a peer at once that is not connected, and says each try in vain with the next', async () => {
    keeper.keep(ANNA)
    await pass(1)
    expect(dials).toHaveLength(1)
    expect(events).toEqual([
      { type: 'keep:started', peerId: ANNA },
      { type: 'keep:tried', peerId: ANNA, attempt: 1, cause: 'Refused', nextInMs: 2000 },
    ])
    await pass(200_000)
    expect(waits().slice(0, 7)).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
    expect(dials).toHaveLength(waits().length)
  })

  it('leaves a connection alone, and dials a second after it was lost', async () => {
    open()
    keeper.keep(ANNA)
    await pass(60_000)
    expect(dials).toHaveLength(0)
    reachable = true
    lose()
    await pass(500)
    expect(dials).toHaveLength(0)
    await pass(500)
    expect(dials).toHaveLength(1)
    await pass(600_000)
    expect(dials).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('waits longer and longer for one that hangs up at once each time', async () => {
    reachable = true
    keeper.keep(ANNA)
    await pass(1)
    const times: number[] = []
    for (let round = 0; round < 5; round += 1) {
      const before = dials.length
      const lostAt = clock.monotonic()
      lose()
      while (dials.length === before) await pass(500)
      times.push(clock.monotonic() - lostAt)
    }
    expect(times).toEqual([2000, 4000, 8000, 16_000, 32_000])
    await pass(10_000)
    lose()
    await pass(1000)
    expect(dials).toHaveLength(7)
  })

  it('stops when the peer is let go, and calls off the dial under way', async () => {
    keeper.keep(ANNA)
    await pass(1)
    expect(keeper.letGo(ANNA, say`You hung up`)).toBe(true)
    expect(keeper.letGo(ANNA, say`You hung up`)).toBe(false)
    expect(events.at(-1)).toEqual({ type: 'keep:stopped', peerId: ANNA, reason: 'You hung up' })
    expect(dials[0]?.aborted).toBe(true)
    await pass(600_000)
    expect(dials).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('gives up a try that has no end, and goes on with the next', async () => {
    const hanging: AbortSignal[] = []
    const patient = new Keeper({
      clock,
      emit: event => events.push(event),
      isConnected: () => false,
      random: () => 0,
      dial: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          hanging.push(signal)
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
    })
    patient.keep(ANNA)
    await pass(89_000)
    expect(waits()).toEqual([])
    await pass(4_000)
    expect(waits()).toEqual([2000])
    expect(hanging).toHaveLength(2)
    patient.letGo(ANNA, say`enough`)
    expect(hanging[1]?.aborted).toBe(true)
  })

  it('does not wait any more once the other side has come', async () => {
    keeper.keep(ANNA)
    await pass(1)
    open()
    expect(clock.pending).toBe(0)
    await pass(100_000)
    expect(dials).toHaveLength(1)
  })
})

it('backoff is shorter by chance, by a quarter at the most', () => {
  expect(backoffMs(0, 0)).toBe(1000)
  expect(backoffMs(0, 0.999)).toBeGreaterThanOrEqual(750)
  expect(backoffMs(10_000, 0)).toBe(60_000)
})
