import type { Move } from '../../core/list-window.ts'
import { stepOf } from '../../core/list-window.ts'
import type { EventLog } from '../event-log.ts'
import type { ScreenAction } from '../screen/reduce-screen.ts'
import type { ScreenState } from '../screen/screen-state.ts'

/** The part of the log that is on screen. */
export interface LogWindow {
  /** Places of the lines shown, oldest first. */
  places: readonly number[]
  /** Place of the line that keys act on; undefined while there are no lines. */
  cursor: number | undefined
  /** True while new lines push the others up. */
  following: boolean
  /** How many matching lines have come after the last one shown. */
  newer: number
  /** How many matching lines there are in all. */
  total: number
}

/** What of the log is on screen when `rows` lines fit. Costs the same however long the log is. */
export function logWindow(log: EventLog, state: ScreenState['log'], rows: number): LogWindow {
  const { cursor, pausedAt, clearedTo } = state
  const end = pausedAt ?? log.end
  const total = log.countMatching(clearedTo)
  if (cursor === undefined) {
    const places = log.matching(end, rows, clearedTo)
    return {
      places,
      cursor: places.at(-1),
      following: pausedAt === undefined,
      newer: log.countMatching(Math.max(end, clearedTo)),
      total,
    }
  }
  const places = from(log, state, rows)
  const last = places.at(-1)
  return {
    places,
    cursor: places.includes(cursor) ? cursor : (places.find(place => place > cursor) ?? last),
    following: false,
    newer: last === undefined ? 0 : log.countMatching(last + 1),
    total,
  }
}

/** The lines up to where the window ends; where the oldest of them have fallen out of the log, the oldest there are. */
function from(log: EventLog, { until = log.end, clearedTo }: ScreenState['log'], rows: number): number[] {
  const places = log.matching(until, rows, clearedTo)
  if (places.length === rows) return places
  const first = log.step(Math.max(log.start, clearedTo), 0, clearedTo)
  if (first === undefined) return places
  const lastFit = log.step(first, rows - 1, clearedTo)
  return log.matching((lastFit ?? first) + 1, rows, clearedTo)
}

/** What a move through the log does. Arriving at the newest line follows the end again. */
export function logMove(
  log: EventLog,
  state: ScreenState['log'],
  move: Move,
  rows: number,
): ScreenAction | undefined {
  const { clearedTo } = state
  const window = logWindow(log, state, rows)
  if (window.cursor === undefined) return undefined
  const step = stepOf(move, rows)
  const steps = Number.isFinite(step) ? step : Math.sign(step) * log.countMatching(clearedTo)
  const place = log.step(window.cursor, steps, clearedTo)
  const newest = log.step(log.end, 0, clearedTo)
  if (place === undefined) return undefined
  if (place === newest && step > 0) {
    return state.pausedAt === undefined
      ? { type: 'log:cursor', place: undefined }
      : { type: 'log:pause', at: undefined }
  }
  const [first] = window.places
  const last = window.places.at(-1)
  if (first === undefined || last === undefined) return undefined
  if (place < first) {
    const bottom = log.step(place, rows - 1, clearedTo) ?? place
    return { type: 'log:cursor', place, until: bottom + 1 }
  }
  return { type: 'log:cursor', place, until: Math.max(place, last) + 1 }
}
