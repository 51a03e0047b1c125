import { formatBytes } from '../../core/format.ts'
import { shortProtocol } from '../../core/protocol.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { Stream } from '../../core/swarm.ts'
import { widthOf } from '../../core/width.ts'
import type { Span } from '../../ui/spans.ts'
import { type Cell, type Column, cell, fitColumns, rowSpans, tableWidth } from '../../ui/table.ts'
import type { RowRoom } from '../list-view/view-list.ts'
import { connectionColumns, directionText, figureCells, isFigure } from './connection-columns.ts'

type ColumnId = 'branch' | 'direction' | 'protocol' | 'bytes' | 'age'

const HEAD: readonly Column<ColumnId>[] = [
  { id: 'branch', least: 2, priority: 5, gap: 1 },
  { id: 'direction', least: 3, priority: 2 },
  { id: 'protocol', least: 12, grows: 1, priority: 4 },
]
/** Where the figures of connections have no room, those of a stream still do: it shows little else. */
const NARROW: readonly Column<ColumnId>[] = [
  ...HEAD,
  { id: 'bytes', least: 15, priority: 3 },
  { id: 'age', least: 3, align: 'right', priority: 1 },
]

/** One stream's row, below its connection: its figures stand below those of the connection. */
export function streamSpans(room: RowRoom, stream: Stream, age: SafeText | undefined): Span[] {
  const fitted = connectionColumns(room)
  const figures = fitted.filter(isFigure)
  const whole = tableWidth(fitted)
  if (!figures.some(({ id }) => id === 'in')) return textSpans(NARROW, whole, { stream, age, room })
  const cells = figureCells(stream, age)
  const tail = rowSpans(figures, ({ id }) => cells[id])
  const head = textSpans(HEAD, whole - tableWidth(figures) - 2, { stream, age, room })
  return [...head, { text: say`  ` }, ...tail]
}

interface Context {
  stream: Stream
  age: SafeText | undefined
  room: RowRoom
}

function textSpans(columns: readonly Column<ColumnId>[], width: number, context: Context): Span[] {
  return rowSpans(fitColumns(columns, width), ({ id, columns: room }) => CELLS[id](context, room))
}

const CELLS: Readonly<Record<ColumnId, (context: Context, columns: number) => Cell>> = {
  branch: ({ room }) => cell(say` ${room.glyphs.dot}`, 'dim'),
  direction: ({ stream }) => cell(directionText(stream.direction), 'dim'),
  protocol: ({ stream: { protocol } }, columns) =>
    cell(widthOf(protocol) <= columns ? protocol : shortProtocol(protocol), undefined, 'middle'),
  bytes: ({ stream: { bytesIn, bytesOut }, room: { glyphs } }) =>
    cell(say`${glyphs.incoming}${formatBytes(bytesIn)} ${glyphs.outgoing}${formatBytes(bytesOut)}`),
  age: ({ age }) => cell(age, 'dim'),
}
