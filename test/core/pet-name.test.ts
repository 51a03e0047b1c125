import { describe, expect, it } from 'vitest'
import { checkName, skeleton } from '../../src/core/pet-name.ts'
import { ANNA } from '../support/swarms.ts'

describe('checkName', () => {
  it.each(['A', 'Anna', 'the old laptop', 'Zoë', 'x'.repeat(32), '日本', '8f3aQd'])('takes %j', words => {
    expect(checkName(words)).toEqual({ name: words.normalize('NFC') })
  })

  it('counts what a reader counts', () => {
    expect(checkName('e\u0301'.repeat(32))).toEqual({ name: 'é'.repeat(32) })
  })

  it.each([
    ['', 'at least one'],
    [' Anna', 'blank'],
    ['Anna ', 'blank'],
    ['x'.repeat(33), 'at most 32'],
    ['x'.repeat(100_000), 'at most 32'],
    ['\u001b[31mred', 'cannot be shown'],
    ['ad\u202Emin', 'cannot be shown'],
    ['An\tna', 'cannot be shown'],
    ['/ip4/1.2.3.4', 'does not begin'],
    ['@', 'does not begin'],
    ['--stop', 'does not begin'],
    ['my "Anna"', 'quotes'],
    ['…8f3aQd', '…'],
    [ANNA, 'at most 32'],
  ])('refuses %j', (words, problem) => {
    expect(checkName(words)).toMatchObject({ problem: expect.stringContaining(problem) })
  })
})

describe('skeleton', () => {
  it.each([
    ['Anna', 'anna'],
    ['Anna', '\u0410nn\u0430'],
    ['paypal', 'рауpаl'],
    ['Bill', 'Bi1l'],
    ['Zoe', 'Zoë'],
    ['modern', 'modem'],
    ['old laptop', 'old-laptop'],
    ['Anna', '\uFF21nna'],
    ['node0', 'nodeO'],
  ])('is the same for %s and %s', (one, other) => expect(skeleton(one)).toBe(skeleton(other)))

  it.each([
    ['Anna', 'Hanna'],
    ['node1', 'node2'],
  ])('tells %s from %s', (one, other) => expect(skeleton(one)).not.toBe(skeleton(other)))
})
