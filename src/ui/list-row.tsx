import type { ReactNode } from 'react'
import { say } from '../core/safe-text.ts'
import { useGlyphs } from './glyphs.ts'
import { Line } from './line.tsx'
import type { Span } from './spans.ts'

/** Whether a row is the selected one, with or without the keys going to its pane. */
export type RowMark = 'selected' | 'selectedIdle' | undefined

/** Columns before the first cell of a row: the sign of the selected one. */
export const MARK_COLUMNS = 1

/** What a row of a list shows, its whole width, and whether it is the selected one. */
export interface ListRowProps {
  spans: readonly Span[]
  columns: number
  mark: RowMark
}

/** A row of a list. The selected one has a sign before it, and is one bar in one colour instead of a patchwork. */
export function ListRow({ spans, columns, mark }: ListRowProps): ReactNode {
  const glyphs = useGlyphs()
  const sign: Span = { text: mark === undefined ? say` ` : glyphs.selected }
  const plain = mark === 'selected' ? spans.map(({ text }) => ({ text })) : spans
  return (
    <Line spans={[sign, ...plain]} columns={columns} style={mark === 'selected' ? 'selected' : undefined} />
  )
}
