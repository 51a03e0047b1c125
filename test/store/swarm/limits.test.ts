import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { say } from '../../../src/core/safe-text.ts'
import { limitUse, nearlyFull, refusalsOf } from '../../../src/store/selectors/limit-use.ts'
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
