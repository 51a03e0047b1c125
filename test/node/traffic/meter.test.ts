import { describe, expect, it } from 'vitest'
import { safeText } from '../../../src/core/safe-text.ts'
import { Meter } from '../../../src/node/traffic/meter.ts'

const [ANNA, BEN] = [safeText('anna'), safeText('ben')]
const [ONE, TWO] = [safeText('c1'), safeText('c2')]

function metered() {
  const total = { bytesIn: 0, bytesOut: 0 }
  const meter = new Meter(total)
  const wires = new Map<string, { bytesIn: number; bytesOut: number }>()
  return {
    meter,
    open(connectionId: typeof ONE, peerId: typeof ANNA) {
      const count = { bytesIn: 0, bytesOut: 0 }
      wires.set(connectionId, count)
      meter.connectionOpened(connectionId, peerId, count)
    },
    carry(connectionId: string, bytesIn: number, bytesOut: number) {
      for (const count of [wires.get(connectionId), total]) {
        if (count !== undefined) {
          count.bytesIn += bytesIn
          count.bytesOut += bytesOut
        }
      }
    },
  }
}

describe('the meter', () => {
  it('says nothing while nothing passes', () => {
    const { meter, open } = metered()
    open(ONE, ANNA)
    expect(meter.sample(1_000)).toBeUndefined()
    expect(meter.sample(1_000)).toBeUndefined()
  })

  it('says bytes so far and bytes a second, whatever the period', () => {
    const { meter, open, carry } = metered()
    open(ONE, ANNA)
    carry(ONE, 3_000, 500)
    const sample = meter.sample(2_000)
    expect(sample?.connections).toEqual([
      { connectionId: ONE, peerId: ANNA, bytesIn: 3_000, bytesOut: 500, rateIn: 1_500, rateOut: 250 },
    ])
    expect(sample?.total).toEqual({ bytesIn: 3_000, bytesOut: 500, rateIn: 1_500, rateOut: 250 })
  })

  it('says once that a rate has fallen to nothing, then is silent', () => {
    const { meter, open, carry } = metered()
    open(ONE, ANNA)
    carry(ONE, 100, 100)
    meter.sample(1_000)
    expect(meter.sample(1_000)?.total).toEqual({ bytesIn: 100, bytesOut: 100, rateIn: 0, rateOut: 0 })
    expect(meter.sample(1_000)).toBeUndefined()
  })

  it('tells only of those that changed', () => {
    const { meter, open, carry } = metered()
    open(ONE, ANNA)
    open(TWO, BEN)
    carry(ONE, 1, 1)
    carry(TWO, 1, 1)
    meter.sample(1_000)
    meter.sample(1_000)
    carry(TWO, 5, 0)
    const sample = meter.sample(1_000)
    expect(sample?.connections.map(({ connectionId }) => connectionId)).toEqual([TWO])
    expect(sample?.peers.map(({ peerId }) => peerId)).toEqual([BEN])
  })

  it('adds up all connections of a peer, past and present', () => {
    const { meter, open, carry } = metered()
    open(ONE, ANNA)
    carry(ONE, 10, 20)
    expect(meter.connectionClosed(ONE)).toEqual({ bytesIn: 10, bytesOut: 20 })
    open(TWO, ANNA)
    carry(TWO, 1, 2)
    expect(meter.sample(1_000)?.peers).toEqual([
      { peerId: ANNA, bytesIn: 11, bytesOut: 22, rateIn: 11, rateOut: 22 },
    ])
  })

  it('tells of a peer again that has rested, and no more of one that is forgotten', () => {
    const { meter, open, carry } = metered()
    open(ONE, ANNA)
    open(TWO, BEN)
    carry(ONE, 10, 0)
    carry(TWO, 10, 0)
    for (let n = 0; n < 5; n += 1) meter.sample(1_000)
    carry(ONE, 4, 2)
    carry(TWO, 4, 2)
    meter.connectionClosed(TWO)
    meter.forgetPeer(BEN)
    expect(meter.sample(2_000)?.peers).toEqual([
      { peerId: ANNA, bytesIn: 14, bytesOut: 2, rateIn: 2, rateOut: 1 },
    ])
  })

  it('counts by protocol', () => {
    const { meter } = metered()
    const protocol = safeText('/chat/1')
    meter.protocol(protocol).bytesOut += 7
    meter.protocol(protocol).bytesOut += 3
    expect(meter.sample(1_000)?.protocols).toEqual([
      { protocol, bytesIn: 0, bytesOut: 10, rateIn: 0, rateOut: 10 },
    ])
  })
})
