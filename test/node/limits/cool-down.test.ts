import { expect, it } from 'vitest'
import { CoolDown } from '../../../src/node/limits/cool-down.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const HOST = '192.0.2.1'
const MINUTE = 60_000

function cold() {
  const clock = new ManualClock()
  const coolDown = new CoolDown(clock)
  /** Exceeds a limit as soon as it may come again. @returns how long it then waits */
  const again = (host = HOST): number => {
    clock.advance(coolDown.remainingMs(host))
    coolDown.exceeded(host)
    return coolDown.remainingMs(host)
  }
  return { clock, coolDown, again }
}

it('has a host wait 30 s, and each time twice as long, up to 10 min', () => {
  const { again } = cold()
  expect([1, 2, 3, 4, 5, 6, 7].map(() => again() / 1_000)).toEqual([30, 60, 120, 240, 480, 600, 600])
})

it('takes what several connections of a host did at once for one excess', () => {
  const { clock, coolDown } = cold()
  for (let n = 0; n < 20; n += 1) coolDown.exceeded(HOST)
  expect(coolDown.remainingMs(HOST)).toBe(30_000)
  clock.advance(29_999)
  expect(coolDown.remainingMs(HOST)).toBe(1)
  clock.advance(1)
  expect(coolDown.remainingMs(HOST)).toBe(0)
})

it('forgets a host that has kept to the limits for half an hour', () => {
  const { clock, again } = cold()
  again()
  again()
  clock.advance(MINUTE + 30 * MINUTE)
  expect(again()).toBe(30_000)
})

it('knows others apart, and remembers a bounded number of them', () => {
  const { coolDown, again } = cold()
  again()
  for (let n = 0; n < 1_024; n += 1) coolDown.exceeded(`10.0.${n >> 8}.${n & 255}`)
  expect(coolDown.remainingMs('10.0.0.1')).toBe(30_000)
  expect(coolDown.remainingMs(HOST)).toBe(0)
})
