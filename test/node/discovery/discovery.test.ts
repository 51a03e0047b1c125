import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { Discovery, MAX_HEARD } from '../../../src/node/discovery/discovery.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const ANNA = '12D3KooWAnna'
const ADDRESS = '/ip4/10.0.0.2/tcp/4001/p2p/12D3KooWAnna'

function listening() {
  const clock = new ManualClock()
  const events: NewEvent[] = []
  const discovery = new Discovery({ clock, emit: event => events.push(event), self: 'me', ttlMs: 30_000 })
  return { clock, events, discovery, types: () => events.map(({ type }) => type) }
}

describe('discovery on the local network', () => {
  it('tells of a peer once, with its addresses and how it was heard', () => {
    const { discovery, events } = listening()
    discovery.heard(ANNA, [ADDRESS])
    discovery.heard(ANNA, [ADDRESS])
    expect(events).toEqual([{ type: 'peer:discovered', peerId: ANNA, addresses: [ADDRESS], source: 'mdns' }])
  })

  it('does not discover itself', () => {
    const { discovery, events } = listening()
    discovery.heard('me', ['/ip4/10.0.0.1/tcp/1'])
    expect(events).toEqual([])
  })

  it('tells at once when addresses change, and now and then that a peer is still there', () => {
    const { clock, discovery, types } = listening()
    discovery.heard(ANNA, [ADDRESS])
    discovery.heard(ANNA, ['/ip4/10.0.0.2/tcp/5005'])
    clock.advance(1_000)
    discovery.heard(ANNA, ['/ip4/10.0.0.2/tcp/5005'])
    clock.advance(5_000)
    discovery.heard(ANNA, ['/ip4/10.0.0.2/tcp/5005'])
    expect(types()).toEqual(['peer:discovered', 'peer:refreshed', 'peer:refreshed'])
  })

  it('expires a peer that is silent for its time to live, not a moment sooner, and discovers it again', () => {
    const { clock, discovery, events, types } = listening()
    discovery.heard(ANNA, [ADDRESS])
    clock.advance(20_000)
    discovery.heard(ANNA, [ADDRESS])
    clock.advance(29_000)
    expect(types()).not.toContain('peer:expired')
    clock.advance(2_000)
    expect(events.at(-1)).toMatchObject({ type: 'peer:expired', peerId: ANNA, reason: 'ttl', source: 'mdns' })
    discovery.heard(ANNA, [ADDRESS])
    expect(events.at(-1)?.type).toBe('peer:discovered')
  })

  it('expires a peer at once when it says goodbye, and only once', () => {
    const { clock, discovery, events, types } = listening()
    discovery.heard(ANNA, [ADDRESS])
    discovery.left(ANNA)
    discovery.left(ANNA)
    clock.advance(60_000)
    expect(types()).toEqual(['peer:discovered', 'peer:expired'])
    expect(events.at(-1)).toMatchObject({ reason: 'goodbye', addresses: [ADDRESS] })
  })

  it('holds a flood of invented peers at its limit, says so once, and takes the next in when there is room', () => {
    const { discovery, events, types } = listening()
    for (let n = 0; n < MAX_HEARD + 50; n += 1) discovery.heard(`peer${n}`, [ADDRESS])
    expect(types().filter(type => type === 'peer:discovered')).toHaveLength(MAX_HEARD)
    expect(types().filter(type => type === 'warning:raised')).toHaveLength(1)
    discovery.left('peer0')
    discovery.heard('late', [ADDRESS])
    expect(events.at(-1)).toMatchObject({ type: 'peer:discovered', peerId: 'late' })
    expect(types()).toContain('warning:cleared')
  })

  it('leaves no timer behind', () => {
    const { clock, discovery } = listening()
    discovery.heard(ANNA, [ADDRESS])
    discovery.stop()
    expect(clock.pending).toBe(0)
  })
})
