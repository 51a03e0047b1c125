import { formatAge, plural, shortPeerId } from '../../core/format.ts'
import { joinSafe, type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Query } from '../../core/swarm.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Span } from '../../ui/spans.ts'
import { type Column, cell, fitColumns, rowSpans } from '../../ui/table.ts'
import { textRow, type ViewRow } from '../list-view/view-list.ts'

type ColumnId = 'query' | 'subject' | 'counts' | 'time'

const COLUMNS: readonly Column<ColumnId>[] = [
  { id: 'query', least: 9, priority: 4, gap: 1 },
  { id: 'subject', least: 9, wanted: 24, priority: 3 },
  { id: 'time', least: 4, align: 'right', priority: 1 },
  { id: 'counts', least: 16, wanted: 60, priority: 2 },
]

/** Queries under way, the oldest first; none, no rows. */
export function queryRows({ queries }: SwarmState): ViewRow[] {
  if (queries.size === 0) return []
  const running = [...queries.values()].sort((a, b) => a.startedAt - b.startedAt)
  return [
    textRow(
      'section queries',
      { text: say`Queries`, style: 'heading' },
      { text: say`  ${running.length} running; Esc cancels the latest`, style: 'dim' },
    ),
    ...running.map(query => ({
      id: `query ${query.requestId}`,
      time: (now: number) => formatAge(now - query.startedAt),
      spans: ({ columns, time }: { columns: number; time: SafeText | undefined }) =>
        querySpans(columns, query, time),
    })),
  ]
}

function querySpans(columns: number, query: Query, time: SafeText | undefined): Span[] {
  const { subject, asked, answered, failed, found } = query
  const counts = joinSafe(
    [
      say`${answered} of ${asked} answered`,
      ...(found === 0 ? [] : [say`${found} found`]),
      ...(failed === 0 ? [] : [plural(failed, say`failure`, say`failures`)]),
    ],
    ', ',
  )
  const cells = {
    query: cell(safeText(query.query), 'accent'),
    subject: cell(shortPeerId(subject)),
    counts: cell(counts),
    time: cell(time, 'dim'),
  }
  return rowSpans(fitColumns(COLUMNS, columns), ({ id }) => cells[id])
}
