import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { say } from '../../../src/core/safe-text.ts'
import { limitUse, nearlyFull, refusalsOf } from '../../../src/store/selectors/limit-use.ts'
import { warningsOf } from '../../../src/store/selectors/node-rows.ts'
import { fromSnapshot, toSnapshot } from '../../../src/store/swarm/snapshot.ts'
import { stateAfter } from '../../support/swarm-events.ts'

const most = { connections: 10, perHost: 5, hostRate: 7, pending: 8, dials: 9, streams: 6 }
const set: NewEvent = { type: 'limits:set', ...most, inbound: 9 }
const used = { inbound: 8, perHost: 4, pending: 3, dials: 2 }
const sampled: NewEvent = { type: 'limits:sampled', connections: 8, ...used }
const refused = (limit: 'hostRate' | 'pending' | undefined, count?: number): NewEvent => ({
  type: 'connection:refused',
  direction: 'inbound',
  reason: say`full`,
  ...(limit && { limit }),
  ...(count === undefined ? {} : { count }),
})
const streamRefused: NewEvent = { type: 'stream:refused', reason: say`full`, limit: 'streams' }

describe('limits in the state', () => {
  it('are what holds, what is used of it and what each has refused', () => {
    const state = stateAfter(
      set,
      sampled,
      refused('hostRate'),
      refused('hostRate', 499),
      refused('pending'),
      refused(undefined, 7),
      streamRefused,
      { type: 'limit:exceeded', limit: 'frames', action: 'closed', reason: say`too many`, count: 3 },
    )
    expect(state.limits).toEqual({
      most,
      fixed: {},
      inbound: 9,
      used,
      refused: { hostRate: 500, pending: 1, streams: 1, frames: 3 },
    })
    expect(refusalsOf(state)[0]).toEqual(['hostRate', 500])
    expect(fromSnapshot(JSON.parse(JSON.stringify(toSnapshot(state)))).limits).toEqual(state.limits)
  })

  it('show their use where there is any', () => {
    const state = stateAfter(set, sampled)
    expect(limitUse(state, 'perHost')).toBe(4)
    expect(limitUse(state, 'pending')).toBe(3)
    expect(limitUse(state, 'dials')).toBe(2)
    expect(limitUse(state, 'connections')).toBe(0)
    expect(limitUse(state, 'streams')).toBe(0)
    expect(limitUse(state, 'hostRate')).toBeUndefined()
    expect(limitUse(stateAfter(), 'pending')).toBeUndefined()
  })

  it('are nearly used up from nine tenths of the places for others on', () => {
    expect(nearlyFull(stateAfter(set, sampled))).toBe(false)
    expect(nearlyFull(stateAfter(set, { ...sampled, inbound: 9 } as NewEvent))).toBe(true)
  })

  it('have no use once the node has stopped', () => {
    const { limits } = stateAfter(set, sampled, refused('pending'), {
      type: 'node:stopped',
      reason: say`asked`,
    })
    expect(limits).toMatchObject({ used: { inbound: 0, pending: 0 }, refused: { pending: 1 } })
  })
})

const list = (perSecond: number, quiet?: true): NewEvent => ({
  type: 'limits:offenders',
  offenders: [
    {
      limit: 'hostRate',
      action: 'refused',
      host: say`192.0.2.1`,
      reason: say`Too many`,
      count: 4_250,
      perSecond,
      ...(quiet && { quiet }),
    },
  ],
})
const raised: NewEvent = {
  type: 'warning:raised',
  topic: 'offenders',
  cause: say`850/s`,
  hint: say`block it`,
}
const causesAfter = (...events: NewEvent[]) => warningsOf(stateAfter(...events)).map(({ cause }) => cause)

describe('the warning of offenders', () => {
  it('follows the list, though it is told anew seldom', () => {
    expect(causesAfter(raised, list(170))).toEqual([
      '192.0.2.1: 170/s refused, connects too fast (host-rate)',
    ])
    expect(causesAfter(raised, list(850), list(680, true))).toEqual([
      '192.0.2.1: 4,250 refused, connects too fast (host-rate)',
    ])
  })

  it('comes and goes with its own events alone', () => {
    expect(causesAfter(list(850))).toEqual([])
    expect(causesAfter(raised, { type: 'limits:offenders', offenders: [] })).toEqual(['850/s'])
    expect(causesAfter(raised, { type: 'warning:cleared', topic: 'offenders' }, list(850))).toEqual([])
  })
})

describe('the use of the limit of streams', () => {
  it('counts those that have not agreed on a protocol, of which nobody was told', () => {
    expect(
      limitUse(stateAfter(set, { type: 'limits:sampled', connections: 8, ...used, streams: 258 }), 'streams'),
    ).toBe(258)
    expect(limitUse(stateAfter(set, sampled), 'streams')).toBe(0)
  })
})
