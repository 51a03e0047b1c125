/** Columns that share a width, and rows that keep to them. Pure. */
import { type SafeText, say } from '../core/safe-text.ts'
import { type CutFrom, cut, widthOf } from '../core/width.ts'
import type { Span } from './spans.ts'

/** Blank columns between two cells. */
const GAP = 2

/** How much room a column of a table wants. Widths are in columns of the terminal. */
export interface Column<Id extends string> {
  id: Id
  /** It is left out where it would get fewer columns. */
  least: number
  /** It gets no more before all others have what they want. @default least */
  wanted?: number
  /** Its share of what is left after that. @default 0 */
  grows?: number
  /** Where there is no room for all, the lowest goes first. */
  priority: number
  align?: 'left' | 'right'
  /** Blanks after it. @default 2 */
  gap?: number
}

/** A column that has room, with the width it got. */
export interface FittedColumn<Id extends string> extends Column<Id> {
  columns: number
}

/** The columns that have room in `width`, in their order, with their widths: together never wider than that. */
export function fitColumns<Id extends string>(
  columns: readonly Column<Id>[],
  width: number,
): FittedColumn<Id>[] {
  let kept = [...columns]
  while (kept.length > 1 && needed(kept) > width) {
    const least = kept.reduce((a, b) => (b.priority <= a.priority ? b : a))
    kept = kept.filter(column => column !== least)
  }
  // One that went for a greater one's sake may have room again now that this is gone too.
  for (const column of columns.toSorted((a, b) => b.priority - a.priority)) {
    const more = columns.filter(other => other === column || kept.includes(other))
    if (!kept.includes(column) && needed(more) <= width) kept = more
  }
  const fitted = kept.map(column => ({ ...column, columns: Math.min(column.least, width) }))
  let left = width - needed(kept)
  for (const column of [...fitted].sort((a, b) => b.priority - a.priority)) {
    const more = Math.max(0, Math.min(left, (column.wanted ?? column.least) - column.columns))
    column.columns += more
    left -= more
  }
  const shares = fitted.reduce((sum, column) => sum + (column.grows ?? 0), 0)
  const extra = left
  for (const column of fitted) {
    if (shares > 0) column.columns += Math.max(0, Math.floor((extra * (column.grows ?? 0)) / shares))
  }
  return fitted
}

/** The widest that a name may get, and the widest for whose sake other columns go. */
const NAME_COLUMNS = { most: 20, sure: 14, least: 9 } as const

/** A column for what peers are called, of whom the longest name is so wide: at the least the end of a Peer ID fits. */
export function nameColumn<Id extends string>(id: Id, widest: number, priority: number): Column<Id> {
  const { most, sure, least } = NAME_COLUMNS
  const wanted = Math.max(least, Math.min(widest, most))
  return { id, least: Math.min(wanted, sure), wanted, priority }
}

/** How wide rows of such columns are. */
export function tableWidth(columns: readonly FittedColumn<string>[]): number {
  return columns.reduce(
    (sum, { columns: width, gap = GAP }, place) => sum + width + (place === columns.length - 1 ? 0 : gap),
    0,
  )
}

/** What stands in one cell. Spans are taken as they are and must fit; a text is cut where it does not. */
export interface Cell {
  spans: readonly Span[]
  /** Where a single span that is too wide loses something. @default 'end' */
  cutFrom?: CutFrom
}

/** One row: each cell exactly as wide as its column, blanks between. */
export function rowSpans<Id extends string>(
  columns: readonly FittedColumn<Id>[],
  cellOf: (column: FittedColumn<Id>) => Cell,
): Span[] {
  const spans: Span[] = []
  columns.forEach((column, place) => {
    const { spans: content, cutFrom = 'end' } = cellOf(column)
    const kept = cutSpans(content, column.columns, cutFrom)
    const width = widthOf(kept.map(span => span.text).join(''))
    const fill = Math.max(0, column.columns - width)
    const gap = place === columns.length - 1 ? 0 : (column.gap ?? GAP)
    if (column.align === 'right') spans.push(blanks(fill), ...kept, blanks(gap))
    else spans.push(...kept, blanks(fill + gap))
  })
  return spans.filter(span => span.text !== '')
}

/** The spans in at most `columns` columns. */
export function cutSpans(spans: readonly Span[], columns: number, from: CutFrom = 'end'): Span[] {
  let left = columns
  const kept: Span[] = []
  for (const span of spans) {
    if (left <= 0) break
    const text = cut(span.text, left, { from })
    kept.push(text === span.text ? span : { ...span, text })
    left -= widthOf(text)
    if (text !== span.text) break
  }
  return kept
}

/** A cell of one text. */
export function cell(text: SafeText | undefined, style?: Span['style'], cutFrom?: CutFrom): Cell {
  return { spans: [{ text: text ?? say``, style }], ...(cutFrom === undefined ? {} : { cutFrom }) }
}

function needed(columns: readonly Column<string>[]): number {
  return columns.reduce(
    (sum, column, place) => sum + column.least + (place === columns.length - 1 ? 0 : (column.gap ?? GAP)),
    0,
  )
}

function blanks(count: number): Span {
  return { text: ' '.repeat(count) as SafeText }
}
