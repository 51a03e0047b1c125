import { describe, expect, it } from 'vitest'
import { FIRST_PAUSE_MS, LONGEST_PAUSE_MS, Retry } from '../../../src/node/relays/retry.ts'
import { ManualClock } from '../../support/manual-clock.ts'

function retrying(worksAt = Number.POSITIVE_INFINITY) {
  const clock = new ManualClock()
  const times: number[] = []
  const start = clock.monotonic()
  const told: number[][] = []
  const retry = new Retry({
    clock,
    attempt: async () => {
      times.push(clock.monotonic() - start)
      if (times.length < worksAt) throw new Error('not yet')
    },
    waiting: (attempts, pauseMs) => told.push([attempts, pauseMs]),
  })
  return { clock, times, told, retry }
}

describe('asking again', () => {
  it('takes pauses, each twice the one before', async () => {
    const { clock, times, told } = retrying()
    for (let n = 0; n < 7; n += 1) await clock.advanceAsync(FIRST_PAUSE_MS)
    expect(times).toEqual([FIRST_PAUSE_MS, 3 * FIRST_PAUSE_MS, 7 * FIRST_PAUSE_MS])
    expect(told).toEqual([
      [0, FIRST_PAUSE_MS],
      [1, 2 * FIRST_PAUSE_MS],
      [2, 4 * FIRST_PAUSE_MS],
      [3, 8 * FIRST_PAUSE_MS],
    ])
  })

  it('never takes a longer pause than the longest', async () => {
    const { clock, times } = retrying()
    for (let n = 0; n < 2_000; n += 1) await clock.advanceAsync(FIRST_PAUSE_MS)
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0))
    expect(Math.max(...pauses)).toBe(LONGEST_PAUSE_MS)
  })

  it('ends when it works', async () => {
    const { clock, times } = retrying(2)
    for (let n = 0; n < 20; n += 1) await clock.advanceAsync(FIRST_PAUSE_MS)
    expect(times).toHaveLength(2)
    expect(clock.pending).toBe(0)
  })

  it('ends when it is called off', async () => {
    const { clock, times, retry } = retrying()
    await clock.advanceAsync(FIRST_PAUSE_MS)
    retry.cancel()
    await clock.advanceAsync(LONGEST_PAUSE_MS)
    expect(times).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })
})
