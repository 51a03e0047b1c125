import { describe, expect, it } from 'vitest'
import { judge } from '../../bench/report/judge.ts'
import { judgeSoak, type Sample } from '../../bench/soak/judge.ts'

/** An hour, a sample a minute; what differs from a program at rest is given for each minute. */
function hour(differs: (minute: number) => Partial<Sample> = () => ({}), minutes = 60): Sample[] {
  return Array.from({ length: 60 }, (_, index) => {
    const minute = ((index + 1) * minutes) / 60
    return {
      minute,
      visits: 100,
      heapMb: 30 + (index % 3) * 0.2,
      residentMb: 180 + (index % 5),
      handles: 12 + (index % 2),
      timers: 40,
      listeners: 300,
      descriptors: 60,
      diskMb: 1,
      ...differs(index + 1),
    }
  })
}

function verdicts(samples: readonly Sample[]): string[] {
  return judgeSoak(samples)
    .map(reading => judge(reading, {}))
    .filter(({ verdict }) => verdict !== 'ok')
    .map(({ name, verdict }) => `${name}: ${verdict}`)
}

describe('an hour of soaking', () => {
  it('passes when nothing grows', () => {
    expect(verdicts(hour())).toEqual([])
  })

  it.each<[string, (minute: number) => Partial<Sample>]>([
    ['growth of the heap', minute => ({ heapMb: 30 + minute / 20 + (minute % 3) })],
    ['memory at the end', minute => ({ residentMb: 180 + minute })],
    ['handles', minute => ({ handles: 10 + minute })],
    ['timers', minute => ({ timers: 40 + minute })],
    ['listeners', minute => ({ listeners: 300 + 10 * minute })],
    ['descriptors', minute => ({ descriptors: 60 + 2 * minute })],
    ['growth of what is on the disk', minute => ({ diskMb: minute / 2 })],
    ['honest peers not served', () => ({ visits: 0 })],
  ])('fails for %s alone', (name, differs) => {
    const failed = verdicts(hour(differs))
    expect(failed).toHaveLength(1)
    expect(failed[0]).toContain(`60 min: ${name}`)
    expect(failed[0]).toContain('above its bound')
  })

  it('leaves out the time to get warm', () => {
    expect(verdicts(hour(minute => (minute < 20 ? { heapMb: minute, residentMb: 9 * minute } : {})))).toEqual(
      [],
    )
  })

  it('is not judged when it was short', () => {
    const leak = hour(minute => ({ heapMb: minute }), 3)
    expect(verdicts(leak).every(line => line.endsWith('printed'))).toBe(true)
    expect(() => judgeSoak(leak.slice(0, 5))).toThrow(RangeError)
  })
})
