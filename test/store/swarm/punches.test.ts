import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { safeText, say } from '../../../src/core/safe-text.ts'
import { MAX_PUNCHES } from '../../../src/store/swarm/punches.ts'
import { stateAfter } from '../../support/swarm-events.ts'

const peerId = say`alice`
const address = say`/ip4/203.0.113.9/tcp/4001`
const started: NewEvent = { type: 'punch:started', peerId }
const tried: NewEvent = {
  type: 'punch:tried',
  peerId,
  how: 'punch',
  attempt: 1,
  attempts: 3,
  addresses: [address],
}

describe('a hole punch', () => {
  it('is remembered with its last try and how it ended', () => {
    const succeeded: NewEvent = { type: 'punch:succeeded', peerId, address, durationMs: 5 }
    expect(stateAfter(started, tried, succeeded).punches.get(peerId)).toMatchObject({
      state: 'succeeded',
      latest: { how: 'punch', attempt: 1, attempts: 3, addresses: [address] },
      address,
      durationMs: 5,
    })
  })

  it('that begins anew has nothing of the one before', () => {
    const failure = { cause: say`no`, hint: say`try` }
    const failed: NewEvent = { type: 'punch:failed', peerId, ...failure, durationMs: 5 }
    expect(stateAfter(started, tried, failed).punches.get(peerId)).toMatchObject({ state: 'failed', failure })
    const again = stateAfter(started, tried, failed, started).punches.get(peerId)
    expect(Object.keys(again ?? {})).toEqual(['peerId', 'startedAt', 'state'])
  })

  it('of those that began long ago is forgotten', () => {
    const many = Array.from(
      { length: MAX_PUNCHES + 3 },
      (_, n): NewEvent => ({
        type: 'punch:started',
        peerId: safeText(`peer${n}`),
      }),
    )
    const { punches } = stateAfter(...many)
    expect(punches.size).toBe(MAX_PUNCHES)
    expect(punches.has(`peer${MAX_PUNCHES + 2}`)).toBe(true)
  })
})
