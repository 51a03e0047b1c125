import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SortedList } from '../../src/core/sorted-list.ts'

const byValue = (a: number, b: number) => a - b

describe('a sorted list', () => {
  it('is a sorted array, whatever comes and goes', () => {
    const change = fc.record({
      value: fc.nat(3000),
      add: fc.boolean(),
      times: fc.integer({ min: 1, max: 400 }),
    })
    fc.assert(
      fc.property(fc.nat(1500), fc.array(change, { maxLength: 40 }), (count, changes) => {
        const values = new Set(Array.from({ length: count }, (_, n) => 2 * n))
        const list = new SortedList(byValue, [...values])
        for (const { value, add, times } of changes) {
          // Runs of neighbours, so that chunks fill up, are cut in two, empty and join.
          for (let item = value; item < value + times; item += 1) {
            if (add && !values.has(item)) list.add(item)
            else if (!add) expect(list.remove(item)).toBe(values.has(item))
            if (add) values.add(item)
            else values.delete(item)
          }
          const expected = [...values].sort(byValue)
          expect(list.slice()).toEqual(expected)
          expect(list.length).toBe(expected.length)
          expect(list.slice(value % 700, (value % 700) + 40)).toEqual(
            expected.slice(value % 700, (value % 700) + 40),
          )
          expect(list.indexOf(value)).toBe(expected.indexOf(value))
        }
      }),
    )
  })

  it('is empty at first, and again when all have gone', () => {
    const list = new SortedList(byValue)
    expect(list.slice()).toEqual([])
    expect(list.remove(1)).toBe(false)
    expect(list.indexOf(1)).toBe(-1)
    for (let item = 0; item < 1000; item += 1) list.add(item)
    for (let item = 0; item < 1000; item += 1) list.remove(item)
    expect(list.length).toBe(0)
    list.add(7)
    expect(list.slice()).toEqual([7])
  })
})
