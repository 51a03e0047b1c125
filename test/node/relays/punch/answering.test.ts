import type { Connection, Libp2p } from '@libp2p/interface'
import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../../src/core/events.ts'
import { Answering, NEXT_TRY_MS } from '../../../../src/node/relays/punch/answering.ts'
import type { ObservedAddresses } from '../../../../src/node/relays/punch/observed-addresses.ts'
import { ManualClock } from '../../../support/manual-clock.ts'
import { turns } from '../../../support/peers/until.ts'

/** A relayed connection that this side has dialed, and what is told of it. */
function dialed() {
  const clock = new ManualClock()
  const events: NewEvent[] = []
  const connections: Partial<Connection>[] = []
  const relayed = Object.assign(new EventTarget(), { remotePeer: { toString: () => 'anna' } })
  const context = {
    libp2p: { getConnections: () => connections } as unknown as Libp2p,
    clock,
    emit: (event: NewEvent) => void events.push(event),
    observed: { mapping: () => 'kept' } as unknown as ObservedAddresses,
    exceeded: () => {},
    stopping: new AbortController().signal,
  }
  const answering = new Answering(context, relayed as unknown as Connection)
  return { answering, clock, events, connections, relayed }
}

describe('the side that has dialed over the relay', () => {
  it('says so when the other side never tries', async () => {
    const { answering, clock, events } = dialed()
    clock.advance(NEXT_TRY_MS - 1)
    await turns()
    expect(events).toEqual([])
    clock.advance(1)
    await turns()
    expect(events).toMatchObject([
      { type: 'punch:started', peerId: 'anna' },
      { type: 'punch:failed', cause: expect.stringContaining('has not tried'), durationMs: NEXT_TRY_MS },
    ])
    expect(answering.over).toBe(true)
  })

  it('says nothing when the other side has found a direct way by itself', async () => {
    const { answering, clock, events, connections } = dialed()
    connections.push({ direct: true, status: 'open' })
    clock.advance(NEXT_TRY_MS)
    await turns()
    expect(events).toEqual([])
    expect(answering.over).toBe(true)
  })

  it('says nothing when the relayed connection ends before the other side tries', async () => {
    const { clock, events, relayed } = dialed()
    relayed.dispatchEvent(new Event('close'))
    clock.advance(NEXT_TRY_MS)
    await turns()
    expect(events).toEqual([])
  })
})
