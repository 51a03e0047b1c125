import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import type { Limit } from '../../../src/core/limit-terms.ts'
import { safeText, say } from '../../../src/core/safe-text.ts'
import { Refusals } from '../../../src/node/limits/refusals.ts'
import { ManualClock } from '../../support/manual-clock.ts'

function watched() {
  const clock = new ManualClock()
  const told: NewEvent<'connection:refused' | 'stream:refused' | 'limit:exceeded'>[] = []
  const refusals = new Refusals({ clock, emit: event => told.push(event) })
  const refuse = (limit: Limit | undefined, from: string, times = 1, reason = say`full`): void => {
    for (let n = 0; n < times; n += 1) {
      const address = safeText(from)
      const about = { type: 'connection:refused', direction: 'inbound', address, reason } as const
      refusals.tell(limit === undefined ? about : { ...about, limit })
    }
  }
  const counts = () => told.map(({ count = 1 }) => count)
  return { clock, told, refusals, refuse, counts }
}

describe('refusals', () => {
  it('are told: the first at once, the others as one that says how many they were', () => {
    const { clock, told, refuse, counts } = watched()
    refuse('hostRate', '/ip4/192.0.2.1')
    expect(counts()).toEqual([1])
    refuse('hostRate', '/ip4/192.0.2.2', 498)
    refuse('hostRate', '/ip4/192.0.2.3')
    expect(told).toHaveLength(1)
    clock.advance(1_000)
    expect(counts()).toEqual([1, 499])
    expect(told[1]).toMatchObject({ limit: 'hostRate', address: '/ip4/192.0.2.3' })
  })

  it('of a flood that goes on are told ever more rarely, and none is lost count of', () => {
    const { clock, refuse, counts } = watched()
    for (let second = 0; second < 600; second += 1) {
      refuse('connections', '/ip4/192.0.2.1', 50)
      clock.advance(1_000)
    }
    clock.advance(60_000)
    expect(counts().length).toBeLessThan(20)
    expect(counts().reduce((sum, count) => sum + count)).toBe(600 * 50)
  })

  it('after a pause are told at once again', () => {
    const { clock, refuse, counts } = watched()
    refuse('pending', '/ip4/192.0.2.1')
    clock.advance(1_000)
    refuse('pending', '/ip4/192.0.2.1')
    expect(counts()).toEqual([1, 1])
  })

  it('of a fixed limit are told apart by who exceeds it, and by host where one is known', () => {
    const { clock, told, refusals } = watched()
    const exceed = (host: string, peerId: string, count = 1): void =>
      refusals.tell({
        type: 'limit:exceeded',
        limit: 'frames',
        action: 'closed',
        host: safeText(host),
        peerId: safeText(peerId),
        reason: say`Too many pings`,
        count,
      })
    exceed('192.0.2.1', 'a')
    exceed('192.0.2.1', 'b', 7)
    exceed('192.0.2.2', 'c')
    expect(told.map(({ count }) => count)).toEqual([1, 1])
    clock.advance(1_000)
    expect(told.slice(2)).toMatchObject([{ host: '192.0.2.1', peerId: 'b', count: 7 }])
  })

  it('of each limit, and for each reason, are told apart', () => {
    const { told, refuse } = watched()
    refuse('pending', '/ip4/192.0.2.1')
    refuse('hostRate', '/ip4/192.0.2.1')
    refuse(undefined, '/ip4/192.0.2.1', 1, say`It sent data that is not libp2p`)
    refuse(undefined, '/ip4/192.0.2.1', 1, say`It broke off the handshake`)
    expect(told).toHaveLength(4)
  })

  it('for reasons without end do not grow without end', () => {
    const { clock, refuse, counts } = watched()
    for (let n = 0; n < 1_000; n += 1) refuse(undefined, '/ip4/192.0.2.1', 1, safeText(`reason ${n}`))
    expect(counts().length).toBeLessThan(100)
    clock.advance(1_000)
    expect(counts().reduce((sum, count) => sum + count)).toBe(1_000)
  })

  it('of more offenders than are told apart blame none of them', () => {
    const { clock, told, refusals } = watched()
    for (let n = 0; n < 70; n += 1) {
      const [host, reason] = [say`192.0.2.${n}`, say`full`]
      refusals.tell({ type: 'limit:exceeded', limit: 'frames', action: 'dropped', host, reason })
    }
    clock.advance(1_000)
    expect(told.filter(event => event.type === 'limit:exceeded' && event.host === undefined)).toEqual([
      { type: 'limit:exceeded', limit: 'frames', action: 'dropped', reason: 'full' },
      { type: 'limit:exceeded', limit: 'frames', action: 'dropped', reason: 'full', count: 5 },
    ])
  })

  it('that were only counted are told when the node stops', () => {
    const { refusals, refuse, counts } = watched()
    refuse('perHost', '/ip4/192.0.2.1', 8)
    refusals.stop()
    expect(counts()).toEqual([1, 7])
  })
})
