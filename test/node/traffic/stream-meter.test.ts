import { expect, it } from 'vitest'
import { safeText } from '../../../src/core/safe-text.ts'
import { MOST_STREAMS_TOLD, StreamMeter } from '../../../src/node/traffic/stream-meter.ts'

const CONNECTION = safeText('c1')

it('tells of streams whose bytes have changed, with their rate, and of one that is closed no more', () => {
  const meter = new StreamMeter()
  const count = meter.opened(safeText('s1'), CONNECTION)
  meter.opened(safeText('s2'), CONNECTION)
  expect(meter.sample(1000)).toEqual([])
  count.bytesIn += 3000
  expect(meter.sample(2000)).toEqual([
    { streamId: 's1', connectionId: 'c1', bytesIn: 3000, bytesOut: 0, rateIn: 1500, rateOut: 0 },
  ])
  expect(meter.sample(1000)).toMatchObject([{ streamId: 's1', bytesIn: 3000, rateIn: 0 }])
  expect(meter.sample(1000)).toEqual([])
  count.bytesOut += 1
  meter.closed(safeText('s1'))
  expect(meter.sample(1000)).toEqual([])
})

it('tells of so many at once and no more, and of all of them in turn, at their own rate', () => {
  const meter = new StreamMeter()
  const all = Array.from({ length: MOST_STREAMS_TOLD * 3 }, (_, n) => safeText(`s${n}`))
  const counts = all.map(streamId => meter.opened(streamId, CONNECTION))
  const told: string[] = []
  for (let second = 1; second <= 3; second += 1) {
    for (const count of counts) count.bytesOut += 10
    const sample = meter.sample(1000)
    expect(sample).toHaveLength(MOST_STREAMS_TOLD)
    for (const { streamId, bytesOut, rateOut } of sample) {
      told.push(streamId)
      expect({ bytesOut, rateOut }).toEqual({ bytesOut: second * 10, rateOut: 10 })
    }
  }
  expect(new Set(told).size).toBe(all.length)
})
