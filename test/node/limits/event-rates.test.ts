import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { safeText, say } from '../../../src/core/safe-text.ts'
import { EventRates } from '../../../src/node/limits/event-rates.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const owner = { connectionId: say`c1`, peerId: say`alice`, share: say`192.0.2.1` }
const pong = { type: 'ping:answered', peerId: owner.peerId, connectionId: owner.connectionId } as const
const opened = (protocol: string): NewEvent => ({
  type: 'stream:opened',
  ...owner,
  streamId: say`s1`,
  protocol: safeText(protocol),
  direction: 'inbound',
})

function rates() {
  const clock = new ManualClock()
  return { clock, rates: new EventRates(clock) }
}

describe('event rates', () => {
  it('count an event for its host, peer, connection and protocol', () => {
    const { rates: counted } = rates()
    for (let n = 0; n < 3; n += 1) counted.count(pong, owner)
    counted.count(opened('/test/1'), owner)
    counted.count(opened('/test/1'), undefined)
    expect(counted.of('host')).toEqual(new Map([['192.0.2.1', 4]]))
    expect(counted.of('peer')).toEqual(new Map([['alice', 4]]))
    expect(counted.of('connection')).toEqual(new Map([['c1', 4]]))
    expect(counted.of('protocol')).toEqual(
      new Map([
        ['/ipfs/ping/1.0.0', 3],
        ['/test/1', 2],
      ]),
    )
  })

  it('are those of the last whole second, or of this one once they are more', async () => {
    const { clock, rates: counted } = rates()
    for (let n = 0; n < 3; n += 1) counted.count(pong, owner)
    await clock.advanceAsync(1_000)
    counted.count(pong, owner)
    expect(counted.of('peer').get(owner.peerId)).toBe(3)
    for (let n = 0; n < 9; n += 1) counted.count(pong, owner)
    expect(counted.of('peer').get(owner.peerId)).toBe(10)
    await clock.advanceAsync(1_000)
    expect(counted.of('peer').get(owner.peerId)).toBe(10)
    await clock.advanceAsync(1_000)
    expect(counted.of('peer').size).toBe(0)
  })

  it('forget what is older, also when nothing was counted for long', async () => {
    const { clock, rates: counted } = rates()
    counted.count(pong, owner)
    await clock.advanceAsync(5_000)
    counted.count(opened('/test/1'), owner)
    expect(counted.of('protocol')).toEqual(new Map([['/test/1', 1]]))
  })

  it('have a bound, however many names there are', () => {
    const { rates: counted } = rates()
    for (let n = 0; n < 5_000; n += 1) counted.count(opened(`/test/${n}`), owner)
    expect(counted.of('protocol').size).toBe(4_096)
    expect(counted.of('peer').get(owner.peerId)).toBe(5_000)
  })
})
