import { describe, expect, it } from 'vitest'
import { slopeOf } from '../../bench/statistics.ts'

describe('slopeOf', () => {
  it('finds a straight line, without a doubt', () => {
    const { slope, low, high } = slopeOf([1, 2, 3, 4].map(x => [x, 7 + 3 * x]))
    expect(slope).toBeCloseTo(3)
    expect(low).toBeCloseTo(3)
    expect(high).toBeCloseTo(3)
  })

  it('gives the bounds that a table of Student gives', () => {
    // Three degrees of freedom: 3.182446 times the standard error, 0.059722.
    const { slope, low, high } = slopeOf([2.1, 3.9, 6.2, 7.8, 10.1].map((y, index) => [index + 1, y]))
    expect(slope).toBeCloseTo(1.99, 6)
    expect(low).toBeCloseTo(1.99 - 3.182446 * 0.059722, 2)
    expect(high).toBeCloseTo(1.99 + 3.182446 * 0.059722, 2)
  })

  it('has wide bounds for few points, and narrow ones for many', () => {
    const wave = (count: number) =>
      slopeOf(Array.from({ length: count }, (_, x) => [x / count, x % 2] as const))
    expect(wave(4).high - wave(4).low).toBeGreaterThan(5 * (wave(400).high - wave(400).low))
  })

  it('takes a level with noise for one that may not grow, and growth below the noise for growth', () => {
    const noise = (x: number) => Math.sin(x * 12.9898) * 0.5
    const level = slopeOf(Array.from({ length: 40 }, (_, x) => [x / 60, 30 + noise(x)] as const))
    expect(level.low).toBeLessThan(0)
    expect(level.high).toBeGreaterThan(0)
    const leak = slopeOf(
      Array.from({ length: 40 }, (_, x) => [x / 60, 30 + noise(x) + (4 * x) / 60] as const),
    )
    expect(leak.high).toBeGreaterThan(4)
    expect(leak.low).toBeGreaterThan(2)
  })

  it('refuses what has no slope', () => {
    expect(() =>
      slopeOf([
        [1, 1],
        [2, 2],
      ]),
    ).toThrow(RangeError)
    expect(() =>
      slopeOf([
        [1, 1],
        [1, 2],
        [1, 3],
      ]),
    ).toThrow(RangeError)
  })
})
