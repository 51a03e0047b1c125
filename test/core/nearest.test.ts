import { describe, expect, it } from 'vitest'
import { editDistance, nearest } from '../../src/core/nearest.ts'

describe('editDistance', () => {
  it.each([
    ['dial', 'dial', 0],
    ['dail', 'dial', 1],
    ['dil', 'dial', 1],
    ['diaal', 'dial', 1],
    ['deal', 'dial', 1],
    ['', 'dial', 4],
    ['kitten', 'sitting', 3],
  ])('%s to %s takes %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
    expect(editDistance(b, a)).toBe(distance)
  })
})

describe('nearest', () => {
  const verbs = ['dial', 'ping', 'hangup', 'listen', 'peers', 'filter', 'quit']
  it.each([
    ['pnig', 'ping'],
    ['DAIL', 'dial'],
    ['hang', 'hangup'],
    ['lisen', 'listen'],
    ['filtr', 'filter'],
  ])('takes %s for %s', (typed, meant) => expect(nearest(typed, verbs)).toBe(meant))

  it.each(['', 'xyzzy', 'frobnicate', 'x'.repeat(100_000)])('does not guess what %.20s could mean', typed => {
    expect(nearest(typed, verbs)).toBeUndefined()
  })
})
