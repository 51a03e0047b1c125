import { describe, expect, it } from 'vitest'
import type { Reading } from '../../bench/figure.ts'
import { judge } from '../../bench/report/judge.ts'
import { keptAfter } from '../../bench/report/kept.ts'

const reading = (given: Partial<Reading> = {}): Reading => ({
  name: 'one typed key',
  value: 40,
  unit: 'bytes',
  atMost: 40,
  ...given,
})

describe('judge', () => {
  it('holds a reading to its bound, which it may reach', () => {
    expect(judge(reading(), {}).verdict).toBe('ok')
    expect(judge(reading({ value: 41 }), {}).verdict).toBe('above its bound')
  })

  it('takes what is no number for a failure, also where there is no bound', () => {
    const { atMost: _, ...printed } = reading({ value: Number.NaN })
    expect(judge(printed, {}).verdict).toBe('above its bound')
  })

  it('prints what has no bound, however it was before', () => {
    const { atMost: _, ...printed } = reading({ value: 9000 })
    expect(judge(printed, { 'one typed key': 1 })).toEqual({ ...printed, kept: 1, verdict: 'printed' })
  })

  it('finds bytes worse than kept before they are above their bound', () => {
    const roomy = reading({ atMost: 1000 })
    expect(judge({ ...roomy, value: 126 }, { 'one typed key': 100 }).verdict).toBe('ok')
    expect(judge({ ...roomy, value: 127 }, { 'one typed key': 100 }).verdict).toBe('worse than kept')
  })

  it('holds what depends on the machine to its bound alone', () => {
    for (const unit of ['ms', 'x', '%', 'MB'] as const) {
      expect(judge(reading({ unit }), { 'one typed key': 1 }).verdict).toBe('ok')
    }
  })
})

describe('keptAfter', () => {
  it('takes over what was measured, to four digits, and leaves the rest, by name', () => {
    const after = keptAfter({ rest: 2, a: 1 }, [
      reading({ value: 12.345678 }),
      reading({ name: 'a', value: 3 }),
    ])
    expect(Object.entries(after)).toEqual([
      ['a', 3],
      ['one typed key', 12.35],
      ['rest', 2],
    ])
  })
})
