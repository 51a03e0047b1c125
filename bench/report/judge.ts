/** From readings to verdicts. Pure. */
import type { Reading, Unit } from '../figure.ts'

/** What a reading is found to be. `printed`: nothing holds it to anything. */
export type Verdict = 'ok' | 'above its bound' | 'worse than kept' | 'printed'

/** A reading beside the figure that was agreed on last. */
export interface Judged extends Reading {
  /** Absent: a new reading. */
  kept?: number
  verdict: Verdict
}

/** The figures agreed on, by the names of their readings. */
export type Kept = Readonly<Record<string, number>>

/**
 * Which units are compared with the kept figure, and what is still the same. Bytes and counts come from the same
 * events each time, and differ only by where a batch happens to be cut into two frames: a cursor move, a change of style
 * or the two marks around a frame more, on a tenth of the whole. What depends on the machine or on what else it does
 * (times, shares of a core, memory, ratios) is held to its bound alone.
 */
const SAME: Partial<Record<Unit, { share: number; plus: number }>> = {
  bytes: { share: 1.1, plus: 16 },
  count: { share: 1.1, plus: 1 },
}

/** Judges one reading: first by its bound, then by what it was when it was kept. Not a number is above any bound. */
export function judge(reading: Reading, keptFigures: Kept): Judged {
  const { name, value, unit, atMost } = reading
  const kept = keptFigures[name]
  const judged = { ...reading, ...(kept === undefined ? {} : { kept }) }
  if (!Number.isFinite(value) || value > (atMost ?? Number.POSITIVE_INFINITY))
    return { ...judged, verdict: 'above its bound' }
  if (atMost === undefined) return { ...judged, verdict: 'printed' }
  const same = SAME[unit]
  const worse = kept !== undefined && same !== undefined && value > kept * same.share + same.plus
  return { ...judged, verdict: worse ? 'worse than kept' : 'ok' }
}

/** The readings that fail a run. */
export function failing(readings: readonly Judged[]): Judged[] {
  return readings.filter(({ verdict }) => verdict === 'above its bound' || verdict === 'worse than kept')
}
