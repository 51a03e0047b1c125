import { formatAge, formatMs, plural, shortPeerId } from '../../core/format.ts'
import { joinSafe, type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { EndedQuery, Query } from '../../core/swarm.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Span } from '../../ui/spans.ts'
import { type Column, cell, fitColumns, rowSpans } from '../../ui/table.ts'
import { textRow, type ViewRow } from '../list-view/view-list.ts'
import { resultRows } from './result-rows.ts'

type ColumnId = 'query' | 'subject' | 'counts' | 'time'

const COLUMNS: readonly Column<ColumnId>[] = [
  { id: 'query', least: 9, priority: 4, gap: 1 },
  { id: 'subject', least: 9, wanted: 24, priority: 3 },
  { id: 'time', least: 8, align: 'right', priority: 1 },
  { id: 'counts', least: 16, wanted: 60, priority: 2 },
]

/** Queries under way, the oldest first, then the last one that ended; each with what it found. None, no rows. */
export function queryRows(swarm: SwarmState): ViewRow[] {
  const { queries, lastQuery } = swarm
  const running = [...queries.values()].sort((a, b) => a.startedAt - b.startedAt)
  const shown = lastQuery === undefined ? running : [...running, lastQuery]
  if (shown.length === 0) return []
  const note = running.length === 0 ? say`` : say`  ${running.length} running; Esc cancels the latest`
  return [
    textRow('section queries', { text: say`Queries`, style: 'heading' }, { text: note, style: 'dim' }),
    ...running.flatMap(query => [runningRow(query), ...resultRows(swarm, query)]),
    ...(lastQuery === undefined ? [] : [endedRow(lastQuery), ...resultRows(swarm, lastQuery)]),
  ]
}

function runningRow(query: Query): ViewRow {
  return {
    id: `query ${query.requestId}`,
    time: now => formatAge(now - query.startedAt),
    spans: ({ columns, time }) => querySpans(columns, query, { time, outcome: [] }),
  }
}

function endedRow(query: EndedQuery): ViewRow {
  const { outcome, durationMs, value } = query
  const said = [...(value === undefined ? [] : [value]), safeText(outcome)]
  return {
    id: `query ${query.requestId}`,
    spans: ({ columns }) => querySpans(columns, query, { time: formatMs(durationMs), outcome: said }),
  }
}

/** `outcome`: how it ended, before the counts. */
function querySpans(
  columns: number,
  query: Query,
  { time, outcome }: { time: SafeText | undefined; outcome: readonly SafeText[] },
): Span[] {
  const { subject, asked, answered, failed, found } = query
  const counts = joinSafe(
    [
      ...outcome,
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
