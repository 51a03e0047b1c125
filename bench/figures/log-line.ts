import type { NewEvent } from '../../src/core/events.ts'
import type { Figure, Reading } from '../figure.ts'
import { type Change, MeasuredScreen, setting } from '../screen/measured-screen.ts'
import { median } from '../statistics.ts'
import { happenings, take } from '../world/happenings.ts'
import { swarmPeers } from '../world/swarm.ts'

/** More than the log holds. */
const FILL = 12_000
const LINES = 60
const SEED = 99
/** Bytes for each cell that changes. */
const PER_CELL = 1.2
/** Of the least that the changed cells can take where no row can be moved (docs/performance.md). */
const OF_LEAST = 1.2
/** Of what Ink's incremental mode sends for the same line. */
const OF_INKS = 0.5

/** What is sent to the terminal when the full log moves up by a line, and beside it what Ink sends by itself. */
export const logLine: Figure = {
  title: 'bytes for a new log line',
  short: true,
  async measure() {
    const few = await logLines(20)
    const full = await logLines(200)
    return [
      ...readings(few, 'beside 20 peers', PER_CELL),
      ...readings(full, 'beside a full list'),
      {
        name: 'one new log line beside a full list: against the least that its cells can take',
        value: median(full.map(({ own }) => own.bytes / own.least)),
        unit: 'x',
        atMost: OF_LEAST,
        note: `the least: ${median(full.map(({ own }) => own.least / own.cells)).toFixed(2)} bytes a cell`,
      },
    ]
  },
}

/** One line, drawn by this program and by Ink's incremental mode. */
interface Line {
  own: Change
  inks: Change
}

async function logLines(peers: number): Promise<Line[]> {
  const given = setting({ peers, connected: 20 })
  await using own = await MeasuredScreen.start(given)
  await using inks = await MeasuredScreen.start({ ...given, writer: 'ink-incremental' })
  await Promise.all([own, inks].map(screen => fill(screen)))
  const lines: Line[] = []
  for (const event of take(happenings(swarmPeers(given.connected), SEED), LINES)) {
    const [drawn, beside] = await Promise.all([own, inks].map(screen => line(screen, event)))
    if (drawn !== undefined && beside !== undefined) lines.push({ own: drawn, inks: beside })
  }
  return lines
}

function readings(lines: readonly Line[], where: string, perCell?: number): Reading[] {
  const name = `one new log line ${where}`
  const cells = Math.round(median(lines.map(({ own }) => own.cells)))
  const ratios = lines.map(({ own }) => own.bytes / own.cells)
  return [
    {
      name: `${name}: bytes`,
      value: Math.round(median(lines.map(({ own }) => own.bytes))),
      unit: 'bytes',
      note: `120x40, log full; median of ${LINES} lines that differ as real ones do`,
    },
    {
      name: `${name}: bytes for each cell that changed`,
      value: median(ratios),
      unit: 'x',
      ...(perCell === undefined ? {} : { atMost: perCell }),
      note: `${cells} cells changed; worst line ${Math.max(...ratios).toFixed(2)}`,
    },
    {
      name: `${name}: against Ink's incremental mode`,
      value: median(lines.map(({ own, inks }) => own.bytes / inks.bytes)),
      unit: 'x',
      atMost: OF_INKS,
      note: `Ink's: ${Math.round(median(lines.map(({ inks }) => inks.bytes)))} bytes for the same lines`,
    },
  ]
}

async function fill(screen: MeasuredScreen): Promise<void> {
  await screen.order({ do: 'fill', count: FILL })
  // Beside the latest ten thousand lines there are older ones that a flood may not drive out.
  await screen.waitFor(/Log {2}1[01]\d{3}/)
  await screen.quiet()
}

function line(screen: MeasuredScreen, event: NewEvent): Promise<Change> {
  const before = screen.screen().join('\n')
  const differs = (rows: string[]) => rows.join('\n') !== before
  return screen.change(() => screen.order({ do: 'emit', events: [event] }), differs)
}
