/** From samples to readings with their bounds. Pure. */
import type { Reading } from '../figure.ts'
import { median, slopeOf } from '../statistics.ts'

/** What the program holds at one moment, both threads together. */
export interface Sample {
  /** Since the beginning. */
  minute: number
  /** Of honest peers who came, were answered their pings and left, since the sample before. */
  visits: number
  /** Collected. */
  heapMb: number
  residentMb: number
  handles: number
  timers: number
  listeners: number
  descriptors: number
  /** Of its profile and all else that it has written. */
  diskMb: number
}

/** Until then caches fill up and code is compiled: nothing before is compared. */
const WARM_UP = 1 / 3
/** In less time than that garbage that moves about is more than what leaks. */
const LEAST_MINUTES = 30
/** The slope of what remains after the warm-up needs three. */
export const LEAST_SAMPLES = 6
const HEAP_MB_AN_HOUR = 2
const RESIDENT = 1.05
/** Peers come and go by chance: their number is never quite the same. */
const FLAT = 1.25
/** LevelDB's log grows to 1 MB before it becomes a table, and some tables come together before they are one. */
const FLAT_DISK_MB = 6

const COUNTS = ['handles', 'timers', 'listeners', 'descriptors'] as const

/** What samples say, in order of time. @throws {RangeError} if they are fewer than {@link LEAST_SAMPLES} */
export function judgeSoak(samples: readonly Sample[]): Reading[] {
  const last = samples.at(-1)
  if (last === undefined || samples.length < LEAST_SAMPLES)
    throw new RangeError('too few samples to say anything')
  const warm = samples.filter(({ minute }) => minute >= last.minute * WARM_UP)
  const half = Math.ceil(warm.length / 2)
  const [earlier, later] = [warm.slice(0, half), warm.slice(-half)]
  const long = last.minute >= LEAST_MINUTES
  const bound = (atMost: number) => (long ? { atMost } : {})
  const heap = slopeOf(warm.map(({ minute, heapMb }) => [minute / 60, heapMb]))
  const name = (what: string) => `${Math.round(last.minute)} min: ${what}`
  const [resident, residentBefore] = [atEnd(warm), atStart(warm)]
  const visits = warm.reduce((sum, sample) => sum + sample.visits, 0)
  return [
    {
      name: name('honest peers not served'),
      value: visits > 0 ? 0 : 1,
      unit: 'count',
      atMost: 0,
      note: `${visits} visits after the first third`,
    },
    {
      name: name('growth of the heap an hour, upper end of its 95 % interval'),
      value: heap.high,
      unit: 'MB',
      ...bound(HEAP_MB_AN_HOUR),
      note: `${heap.slope.toFixed(2)} MB, at least ${heap.low.toFixed(2)}; ${middle(later, 'heapMb').toFixed(1)} MB in use`,
    },
    {
      name: name('memory at the end, against that after a third'),
      value: resident / residentBefore,
      unit: 'x',
      ...bound(RESIDENT),
      note: `resident, ${resident.toFixed(0)} against ${residentBefore.toFixed(0)} MB`,
    },
    ...COUNTS.map((what): Reading => {
      const [before, after] = [middle(earlier, what), middle(later, what)]
      return {
        name: name(`${what}, later against earlier`),
        value: after / before,
        unit: 'x',
        ...bound(FLAT),
        note: `${after.toFixed(0)} against ${before.toFixed(0)}`,
      }
    }),
    {
      name: name('growth of what is on the disk'),
      value: middle(later, 'diskMb') - middle(earlier, 'diskMb'),
      unit: 'MB',
      ...bound(FLAT_DISK_MB),
      note: `${last.diskMb.toFixed(1)} MB at the end`,
    },
  ]
}

function middle(samples: readonly Sample[], what: keyof Sample): number {
  return median(samples.map(sample => sample[what]))
}

/** Of three samples: one alone may have come right before a collection. */
function atStart(samples: readonly Sample[]): number {
  return middle(samples.slice(0, 3), 'residentMb')
}

function atEnd(samples: readonly Sample[]): number {
  return middle(samples.slice(-3), 'residentMb')
}
