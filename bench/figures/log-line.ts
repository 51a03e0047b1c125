import type { NewEvent } from '../../src/core/events.ts'
import type { Figure } from '../figure.ts'
import { type Change, MeasuredScreen, setting } from '../screen/measured-screen.ts'
import { median } from '../statistics.ts'
import { happenings, take } from '../world/happenings.ts'
import { swarmPeers } from '../world/swarm.ts'

/** More than the log holds. */
const FILL = 12_000
const LINES = 60
const SEED = 99
/**
 * Of the least that the changed cells can take. Bytes for each changed cell are printed and not judged: asked for are
 * 1.2, and no writer can do that in a pane on the right (docs/performance.md).
 */
const OF_LEAST = 1.2
/** Of what Ink's incremental mode sends for the same line. */
const OF_INKS = 0.5

/** What is sent to the terminal when the full log moves up by a line, and beside it what Ink sends by itself. */
export const logLine: Figure = {
  title: 'bytes for a new log line',
  short: true,
  async measure() {
    const given = setting()
    await using own = await MeasuredScreen.start(given)
    await using inks = await MeasuredScreen.start({ ...given, writer: 'ink-incremental' })
    await Promise.all([own, inks].map(screen => fill(screen)))
    const events = take(happenings(swarmPeers(given.connected), SEED), LINES)
    const lines: { own: Change; inks: Change }[] = []
    for (const event of events) {
      const [drawn, beside] = await Promise.all([own, inks].map(screen => line(screen, event)))
      if (drawn !== undefined && beside !== undefined) lines.push({ own: drawn, inks: beside })
    }
    const perCell = lines.map(({ own }) => own.bytes / own.cells)
    const bytes = Math.round(median(lines.map(({ own }) => own.bytes)))
    const cells = Math.round(median(lines.map(({ own }) => own.cells)))
    const least = median(lines.map(({ own }) => own.least / own.cells)).toFixed(2)
    const beside = Math.round(median(lines.map(({ inks }) => inks.bytes)))
    return [
      {
        name: 'one new log line, log full, 120x40: bytes',
        value: bytes,
        unit: 'bytes',
        note: `median of ${LINES} lines that differ as real ones do`,
      },
      {
        name: 'one new log line: bytes for each cell that changed',
        value: median(perCell),
        unit: 'x',
        note: `median; ${cells} cells changed; ${least} at the least`,
      },
      {
        name: 'one new log line: the same, worst line',
        value: Math.max(...perCell),
        unit: 'x',
      },
      {
        name: 'one new log line: against the least that its cells can take',
        value: median(lines.map(({ own }) => own.bytes / own.least)),
        unit: 'x',
        atMost: OF_LEAST,
        note: `the least: ${least} bytes a cell`,
      },
      {
        name: "one new log line: against Ink's incremental mode",
        value: median(lines.map(({ own, inks }) => own.bytes / inks.bytes)),
        unit: 'x',
        atMost: OF_INKS,
        note: `Ink's: ${beside} bytes for the same lines`,
      },
    ]
  },
}

async function fill(screen: MeasuredScreen): Promise<void> {
  await screen.order({ do: 'fill', count: FILL })
  await screen.waitFor(/Log {2}10000/)
  await screen.quiet()
}

function line(screen: MeasuredScreen, event: NewEvent): Promise<Change> {
  const before = screen.screen().join('\n')
  const differs = (rows: string[]) => rows.join('\n') !== before
  return screen.change(() => screen.order({ do: 'emit', events: [event] }), differs)
}
