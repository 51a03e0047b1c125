import { describe, expect, it } from 'vitest'
import {
  addLoss,
  addRefusal,
  addRtt,
  deviationMs,
  lossRatio,
  NO_PINGS,
  type PingStats,
  p95Ms,
  SAMPLES_KEPT,
} from '../../src/core/ping-stats.ts'
import { say } from '../../src/core/safe-text.ts'

const pinged = (rtts: readonly number[], stats: PingStats = NO_PINGS): PingStats =>
  rtts.reduce((before, rtt) => addRtt(before, rtt, false), stats)

describe('ping statistics', () => {
  it('are nothing before the first ping', () => {
    expect(deviationMs(NO_PINGS)).toBeUndefined()
    expect(p95Ms(NO_PINGS)).toBeUndefined()
    expect(lossRatio(NO_PINGS)).toBeUndefined()
  })

  it('say last, least, most, mean and deviation', () => {
    const stats = pinged([2, 4, 4, 4, 5, 5, 7, 9])
    expect(stats).toMatchObject({ received: 8, lastMs: 9, minMs: 2, maxMs: 9, meanMs: 5 })
    expect(deviationMs(stats)).toBeCloseTo(2, 10)
  })

  it('keep cold pings apart', () => {
    const stats = addRtt(pinged([1, 1]), 80, true)
    expect(stats).toMatchObject({ coldMs: 80, received: 2, maxMs: 1, lastMs: 1, jitterMs: 0 })
    expect(stats.samples).toEqual([1, 1])
  })

  it('take the 95th percentile by nearest rank, losses left out', () => {
    const twenty = Array.from({ length: 20 }, (_, n) => n + 1)
    expect(p95Ms(pinged(twenty))).toBe(19)
    expect(p95Ms(addLoss(pinged([3]), say`late`))).toBe(3)
  })

  it('say jitter as the mean difference while there are few pings, and smooth it like RFC 3550 later', () => {
    expect(pinged([10, 14]).jitterMs).toBe(4)
    expect(pinged([10, 14, 12]).jitterMs).toBe(3)
    const settled = pinged(Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? 10 : 11)))
    expect(settled.jitterMs).toBeCloseTo(1, 10)
    expect(pinged([27], settled).jitterMs).toBeCloseTo(1 + (16 - 1) / 16, 10)
  })

  it('count losses and say why, until one is answered again', () => {
    const lost = addLoss(pinged([1, 1, 1]), say`No answer within 5 s`)
    expect(lossRatio(lost)).toBe(0.25)
    expect(lost).toMatchObject({ lastFailure: 'No answer within 5 s', samples: [1, 1, 1, null] })
    expect(pinged([1], lost).lastFailure).toBeUndefined()
  })

  it('do not count a ping that was never sent', () => {
    const refused = addRefusal(pinged([1, 1]), say`It does not speak ping`)
    expect(refused).toMatchObject({ lost: 0, received: 2, lastFailure: 'It does not speak ping' })
    expect(lossRatio(addRefusal(NO_PINGS, say`It does not speak ping`))).toBeUndefined()
  })

  it('keep a fixed number of samples', () => {
    const stats = pinged(Array.from({ length: SAMPLES_KEPT + 30 }, (_, n) => n))
    expect(stats.samples).toHaveLength(SAMPLES_KEPT)
    expect(stats.samples[0]).toBe(30)
    expect(stats.received).toBe(SAMPLES_KEPT + 30)
  })
})
