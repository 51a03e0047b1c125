import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clampTop, MOVES, moved, topFor } from '../../src/core/list-window.ts'

const window = fc.record({ length: fc.nat(50), rows: fc.integer({ min: 1, max: 20 }) })

describe('a window of a list', () => {
  it('always has the selected row in view, and no blank rows while there are rows', () => {
    fc.assert(
      fc.property(window, fc.nat(60), fc.nat(80), (list, chosen, before) => {
        const selected = Math.min(chosen, Math.max(0, list.length - 1))
        const top = topFor(selected, before, list)
        expect(top).toBeLessThanOrEqual(selected)
        expect(selected).toBeLessThan(top + list.rows)
        expect(top).toBe(clampTop(top, list))
      }),
    )
  })

  it('does not move while the selection stays off its margins', () => {
    expect(topFor(15, 10, { length: 100, rows: 10 })).toBe(10)
    expect(topFor(18, 10, { length: 100, rows: 10 })).toBe(11)
    expect(topFor(11, 10, { length: 100, rows: 10 })).toBe(9)
  })

  it('goes by rows and pages and to the ends, and never leaves the list', () => {
    const list = { length: 100, rows: 10 }
    expect(MOVES.map(move => moved(50, move, list))).toEqual([49, 51, 41, 59, 0, 99])
    expect(MOVES.map(move => moved(0, move, { length: 0, rows: 10 }))).toEqual([0, 0, 0, 0, 0, 0])
  })
})
