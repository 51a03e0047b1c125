/** A view that is one list: what its rows are, before anything is drawn. */
import type { SafeText } from '../../core/safe-text.ts'
import type { Glyphs } from '../../ui/glyphs.ts'
import type { Span } from '../../ui/spans.ts'
import type { Rows } from './rows.ts'

/** The room that rows and their heading have. */
export interface RowRoom {
  columns: number
  /** Of the names of the peers whose rows are on screen the widest, in columns. */
  nameColumns: number
  glyphs: Glyphs
}

/** What a row is drawn with. */
export interface RowContext extends RowRoom {
  /** What {@link ViewRow.time} says now. */
  time: SafeText | undefined
}

/** One row of a view. Only those on screen are drawn. */
export interface ViewRow {
  /** The same from one commit to the next: the selection stays on it. */
  id: string
  /** The peer that commands act on while this row is selected. */
  peerId?: SafeText
  /** A blank or a heading: it cannot be selected. */
  skipped?: true
  /** What it shows of the time (`now` in ms since the epoch); seldom another text, so that a screen at rest is still. */
  time?(now: number): SafeText | undefined
  spans(context: RowContext): Span[]
}

/** A view's title line, headings and rows. */
export interface ViewList {
  title: SafeText
  /** Counts and the like, after the title. */
  notes: readonly Span[]
  /** Headings of columns, above the rows. */
  heading?(room: RowRoom): Span[]
  rows: Rows
  /** What it means that there are no rows, and what to do about it. */
  empty: readonly SafeText[]
  /** What in the filter is likely not to do what was meant. */
  errors: readonly SafeText[]
}

/** A row without cells: text that is read. */
export function textRow(id: string, ...spans: readonly Span[]): ViewRow {
  return { id, spans: () => [...spans] }
}

/** An empty row, then the heading of a section. */
export function sectionRows(title: SafeText, note: SafeText): ViewRow[] {
  return [
    { id: `blank ${title}`, skipped: true, spans: () => [] },
    textRow(
      `section ${title}`,
      { text: title, style: 'heading' },
      { text: '  ' as SafeText },
      { text: note, style: 'dim' },
    ),
  ]
}
