import type { Figure, Reading } from '../figure.ts'
import { failing, type Judged, judge, type Kept } from './judge.ts'

/** What a run has come to. */
export interface Outcome {
  readings: Judged[]
  /** Why the run fails, a line each; none: it does not. */
  failures: string[]
}

/**
 * Measures figures one after the other, so that none disturbs another, and judges what comes out. A figure that throws
 * is a failure of the run but not its end; so are two readings of one name, and a run that measures nothing.
 *
 * @param tell is called when a figure has been measured, with how long that took in ms
 */
export async function measureAll(
  figures: readonly Figure[],
  kept: Kept,
  tell: (figure: Figure, tookMs: number) => void,
): Promise<Outcome> {
  const readings: Judged[] = []
  const broken: string[] = []
  for (const figure of figures) {
    const started = performance.now()
    try {
      const taken: Reading[] = await figure.measure()
      readings.push(...taken.map(reading => judge(reading, kept)))
    } catch (error) {
      broken.push(`${figure.title}: could not be measured. ${error instanceof Error ? error.stack : error}`)
    }
    tell(figure, performance.now() - started)
  }
  if (readings.length === 0) broken.push('nothing was measured')
  const worse = failing(readings).map(({ name, verdict }) => `${name}: ${verdict}`)
  return { readings, failures: [...worse, ...twice(readings), ...broken] }
}

function twice(readings: readonly Judged[]): string[] {
  const names = readings.map(({ name }) => name)
  const repeated = names.filter((name, place) => names.indexOf(name) !== place)
  return [...new Set(repeated)].map(name => `${name}: two readings have this name`)
}
