import { plural } from '../../core/format.ts'
import { say } from '../../core/safe-text.ts'
import type { Providing } from '../../core/swarm.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Span } from '../../ui/spans.ts'
import { type Column, cell, fitColumns, rowSpans } from '../../ui/table.ts'
import { ageText } from '../connections/connection-columns.ts'
import { type RowContext, textRow, type ViewRow } from '../list-view/view-list.ts'

type ColumnId = 'cid' | 'state' | 'age'

const COLUMNS: readonly Column<ColumnId>[] = [
  { id: 'cid', least: 12, wanted: 60, grows: 1, priority: 3 },
  { id: 'state', least: 13, wanted: 30, priority: 2 },
  { id: 'age', least: 5, align: 'right', priority: 1 },
]

/** What this node provides, the longest provided first; none, no rows. */
export function providedRows({ providing }: SwarmState): ViewRow[] {
  if (providing.size === 0) return []
  const entries = [...providing.values()].sort((a, b) => a.since - b.since)
  return [
    textRow(
      'section provided',
      { text: say`Provided`, style: 'heading' },
      { text: say`  ${entries.length} here; withdraw ends one`, style: 'dim' },
    ),
    ...entries.map(entry => ({
      id: `provided ${entry.cid}`,
      time: (now: number) => (entry.announcedAt === undefined ? undefined : ageText(now - entry.announcedAt)),
      spans: (context: RowContext) => providedSpans(entry, context),
    })),
  ]
}

function providedSpans(
  { cid, announcedAt, peers = 0, cause }: Providing,
  { columns, time }: RowContext,
): Span[] {
  const state =
    cause !== undefined
      ? cell(cause, 'warn')
      : announcedAt === undefined
        ? cell(say`not said yet`, 'dim')
        : cell(say`with ${plural(peers, say`peer`, say`peers`)}`)
  const cells = { cid: cell(cid, undefined, 'start'), state, age: cell(time, 'dim') }
  return rowSpans(fitColumns(COLUMNS, columns), ({ id }) => cells[id])
}
