import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Ring } from '../../src/core/ring.ts'

function ringOf(capacity: number, items: number): Ring<number> {
  const ring = new Ring<number>(capacity)
  for (let n = 0; n < items; n += 1) ring.push(n)
  return ring
}

describe('a ring', () => {
  it('keeps the latest items at their places in the sequence', () => {
    const ring = ringOf(3, 5)
    expect([ring.start, ring.end, ring.length]).toEqual([2, 5, 3])
    expect([1, 2, 4, 5].map(place => ring.at(place))).toEqual([undefined, 2, 4, undefined])
    expect(ring.slice(0)).toEqual([2, 3, 4])
    expect(ring.slice(3, 99)).toEqual([3, 4])
    expect(ring.slice(4, 2)).toEqual([])
  })

  it('gives its oldest items away, and goes on', () => {
    const ring = ringOf(3, 4)
    expect(ring.take(2)).toEqual([1, 2])
    ring.push(4)
    ring.push(5)
    expect(ring.take()).toEqual([3, 4, 5])
    expect(ring.take()).toEqual([])
    expect([ring.start, ring.end]).toEqual([6, 6])
  })

  it('goes on counting when it is cleared', () => {
    const ring = ringOf(3, 5)
    ring.clear()
    expect([ring.start, ring.length]).toEqual([5, 0])
    ring.push(5)
    expect(ring.take()).toEqual([5])
  })

  it('needs room for one', () => {
    for (const capacity of [0, -1, 1.5, Number.NaN]) expect(() => new Ring(capacity)).toThrow(RangeError)
  })

  it('does what a list would do that forgets, whatever is done to it', () => {
    const steps = fc.array(
      fc.oneof(
        fc.constant('push' as const),
        fc.nat({ max: 5 }).map(most => ({ most })),
        fc.constant('clear' as const),
      ),
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), steps, (capacity, all) => {
        const ring = new Ring<number>(capacity)
        let list: number[] = []
        let pushed = 0
        for (const step of all) {
          if (step === 'push') {
            ring.push(pushed)
            list = [...list, pushed].slice(-capacity)
            pushed += 1
          } else if (step === 'clear') {
            ring.clear()
            list = []
          } else {
            expect(ring.take(step.most)).toEqual(list.splice(0, step.most))
          }
          expect(ring.slice(0)).toEqual(list)
          expect([ring.end, ring.length]).toEqual([pushed, list.length])
        }
      }),
    )
  })
})
