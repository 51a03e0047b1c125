import { type SafeText, say } from '../../core/safe-text.ts'
import type { Stream } from '../../core/swarm.ts'
import type { Glyphs } from '../../ui/glyphs.ts'
import type { Span } from '../../ui/spans.ts'
import { type Column, cell, fitColumns, rowSpans } from '../../ui/table.ts'
import { directionText } from './connection-columns.ts'

type ColumnId = 'branch' | 'direction' | 'protocol' | 'age'

/** The direction stands below that of connections, on wide screens. */
const COLUMNS: readonly Column<ColumnId>[] = [
  { id: 'branch', least: 2, priority: 3, gap: 1 },
  { id: 'direction', least: 3, priority: 2 },
  { id: 'protocol', least: 12, wanted: 60, priority: 4 },
  { id: 'age', least: 3, align: 'right', priority: 1 },
]

/** One stream's row, below its connection. */
export function streamSpans(
  columns: number,
  { direction, protocol }: Stream,
  { age, glyphs }: { age: SafeText | undefined; glyphs: Glyphs },
): Span[] {
  const cells = {
    branch: cell(say` ${glyphs.dot}`, 'dim'),
    direction: cell(directionText(direction), 'dim'),
    protocol: cell(protocol, undefined, 'middle'),
    age: cell(age, 'dim'),
  }
  return rowSpans(fitColumns(COLUMNS, columns), ({ id }) => cells[id])
}
