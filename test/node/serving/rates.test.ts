import { describe, expect, it } from 'vitest'
import { Rates } from '../../../src/node/serving/rates.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const often = (rates: Rates, key: string, count: number): boolean[] =>
  Array.from({ length: count }, () => rates.take(key))

describe('rates', () => {
  it('let so many through at once and so many a second after that, each key by itself', () => {
    const clock = new ManualClock()
    const rates = new Rates(clock, { burst: 3, perSecond: 2 })
    expect(often(rates, 'a', 4)).toEqual([true, true, true, false])
    expect(rates.take('b')).toBe(true)
    clock.advance(1_000)
    expect(often(rates, 'a', 3)).toEqual([true, true, false])
    clock.advance(60_000)
    expect(often(rates, 'a', 4)).toEqual([true, true, true, false])
  })

  it('take amounts, and nothing of one that is too large', () => {
    const rates = new Rates(new ManualClock(), { burst: 100, perSecond: 1 })
    expect(rates.take('a', 60)).toBe(true)
    expect(rates.take('a', 60)).toBe(false)
    expect(rates.take('a', 40)).toBe(true)
  })

  it('remember no more keys than they need, and forget no flood for the sake of new ones', () => {
    const clock = new ManualClock()
    const rates = new Rates(clock, { burst: 2, perSecond: 1 })
    for (let n = 0; n < 10_000; n += 1) rates.take(`${n}`)
    expect(rates.size).toBe(4_096)
    expect(often(rates, 'flood', 3)).toEqual([true, true, false])
    clock.advance(10_000)
    // All of them are full by now: the first newcomer clears them out.
    rates.take('new')
    expect(rates.size).toBe(1)
  })
})
