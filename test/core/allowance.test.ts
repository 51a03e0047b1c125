import { expect, it } from 'vitest'
import { Allowance } from '../../src/core/allowance.ts'
import { ManualClock } from '../support/manual-clock.ts'

it('allows a few at once, then one each period, and saves up no more than those few', () => {
  const clock = new ManualClock()
  const allowance = new Allowance(clock, 3, 2)
  const taken = () => [1, 2, 3, 4].map(() => allowance.take())
  expect(taken()).toEqual([true, true, true, false])
  expect(allowance.waitMs).toBe(500)
  clock.advance(500)
  expect(allowance.waitMs).toBe(0)
  expect(taken()).toEqual([true, false, false, false])
  clock.advance(60_000)
  expect(taken()).toEqual([true, true, true, false])
})

it('says how long a debt takes to pay, and lets none grow without end', () => {
  const clock = new ManualClock()
  const allowance = new Allowance(clock, 3, 2)
  expect(allowance.owe(3)).toBe(0)
  expect(allowance.owe(1)).toBe(500)
  clock.advance(250)
  expect(allowance.owe(1)).toBe(750)
  expect(allowance.owe(1_000)).toBe(1_500)
  clock.advance(1_500)
  expect(allowance.take()).toBe(false)
  clock.advance(500)
  expect(allowance.take()).toBe(true)
})
