import { describe, expect, it } from 'vitest'
import type { NodeEvent } from '../../../src/core/events.ts'
import { safeText } from '../../../src/core/safe-text.ts'
import { peersToForget } from '../../../src/node/memory/peer-limit.ts'
import { reduceSwarm } from '../../../src/store/swarm/reduce.ts'
import { EMPTY_SWARM } from '../../../src/store/swarm/state.ts'

function swarmOf(count: number) {
  let state = EMPTY_SWARM
  for (let n = 1; n <= count; n += 1) {
    const peerId = safeText(`peer${n}`)
    const event = { v: 1, seq: n, time: n, type: 'peer:discovered', peerId, addresses: [], source: 'mdns' }
    state = reduceSwarm(state, event as unknown as NodeEvent)
  }
  return state
}

describe('the limit of remembered peers', () => {
  it('forgets nobody while there is room', () => {
    expect(peersToForget(swarmOf(10), 10)).toEqual([])
  })

  it('forgets those not seen for longest', () => {
    expect(peersToForget(swarmOf(21), 20)).toEqual(['peer1', 'peer2'])
  })

  it('never forgets one that is connected', () => {
    const opened = { v: 1, seq: 22, time: 1, type: 'connection:opened', peerId: 'peer1', connectionId: 'c' }
    const state = reduceSwarm(swarmOf(21), { ...opened, direction: 'inbound' } as unknown as NodeEvent)
    expect(peersToForget(state, 20)).not.toContain('peer1')
  })
})
