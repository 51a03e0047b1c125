import { expect, it } from 'vitest'
import { Ticker } from '../../src/core/ticker.ts'
import { ManualClock } from '../support/manual-clock.ts'

it('tells all listeners of each second by one timer, and none while nobody listens', () => {
  const clock = new ManualClock()
  const ticker = new Ticker(clock, 1000)
  let [first, second] = [0, 0]
  expect(clock.pending).toBe(0)
  const endFirst = ticker.subscribe(() => (first += 1))
  const endSecond = ticker.subscribe(() => (second += 1))
  expect(clock.pending).toBe(1)
  clock.advance(2000)
  endFirst()
  endFirst()
  clock.advance(1000)
  expect([first, second]).toEqual([2, 3])
  endSecond()
  expect(clock.pending).toBe(0)
  ticker.subscribe(() => (first += 1))
  clock.advance(1000)
  expect(first).toBe(3)
})

it('has one time for the whole of a second', () => {
  const clock = new ManualClock(5_000_300)
  const ticker = new Ticker(clock, 1000)
  expect(ticker.now()).toBe(5_000_000)
  clock.advance(600)
  expect(ticker.now()).toBe(5_000_000)
  clock.advance(100)
  expect(ticker.now()).toBe(5_001_000)
})
