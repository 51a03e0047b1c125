import { describe, expect, it } from 'vitest'
import { Pace } from '../../../src/node/ping/pace.ts'
import { ManualClock } from '../../support/manual-clock.ts'

function paced(intervalMs: number) {
  const clock = new ManualClock()
  const turns: { key: string; at: number }[] = []
  const pace = new Pace(clock, intervalMs, key => turns.push({ key, at: clock.monotonic() }))
  return { clock, turns, pace }
}

const gaps = (turns: readonly { at: number }[]) =>
  turns.slice(1).map(({ at }, index) => at - (turns[index]?.at ?? 0))

describe('taking turns', () => {
  it('spreads 200 peers that came at once, in the first round and in all later ones', () => {
    const { clock, turns, pace } = paced(15_000)
    for (let n = 0; n < 200; n++) pace.add(`peer ${n}`)
    clock.advance(60_000)
    expect(Math.min(...gaps(turns))).toBeGreaterThanOrEqual(5)
    for (let n = 0; n < 200; n++) {
      const mine = turns.filter(({ key }) => key === `peer ${n}`)
      expect(mine.length).toBeGreaterThanOrEqual(3)
      expect(gaps(mine).every(gap => Math.abs(gap - 15_000) < 0.001)).toBe(true)
    }
  })

  it('gives everyone a turn in time when there are very many', () => {
    const { clock, turns, pace } = paced(15_000)
    for (let n = 0; n < 1_500; n++) pace.add(`peer ${n}`)
    clock.advance(15_000)
    expect(new Set(turns.map(({ key }) => key)).size).toBe(1_500)
    expect(Math.min(...gaps(turns))).toBeGreaterThan(4.9)
  })

  it('does not make up for a sleep of the machine in a burst', () => {
    const { clock, turns, pace } = paced(1_000)
    for (let n = 0; n < 10; n++) pace.add(`peer ${n}`)
    clock.advance(1_500)
    const before = turns.length
    // Asleep: time goes on, timers do not fire until afterwards.
    const asleep = clock.monotonic() + 60_000
    const monotonic = clock.monotonic.bind(clock)
    clock.monotonic = () => Math.max(asleep, monotonic())
    clock.advance(200)
    expect(turns.length - before).toBeLessThanOrEqual(10)
  })

  it('leaves no timer when all have gone', () => {
    const { clock, turns, pace } = paced(1_000)
    pace.add('a')
    pace.add('b')
    pace.delete('a')
    clock.advance(1_000)
    expect(turns.map(({ key }) => key)).toEqual(['b'])
    pace.delete('b')
    expect(clock.pending).toBe(0)
    pace.add('c')
    pace.clear()
    expect(clock.pending).toBe(0)
  })

  it('does not give an extra turn to one that is added twice', () => {
    const { clock, turns, pace } = paced(1_000)
    pace.add('a')
    clock.advance(150)
    pace.add('a')
    clock.advance(1_000)
    expect(turns.map(({ at }) => at)).toEqual([200])
  })
})
