import { Box } from 'ink'
import type { ReactNode } from 'react'
import type { SafeText } from '../core/safe-text.ts'
import { Line } from './line.tsx'
import type { Span } from './spans.ts'
import { wrap } from './wrap.ts'

/** What to draw, and in how many columns and rows. */
export interface RowsProps {
  rows: readonly (readonly Span[])[]
  columns: number
  /** Blank rows fill up to this many; what is beyond is not drawn. */
  height: number
}

/** Rows of spans, exactly `height` of them. */
export function Rows({ rows, columns, height }: RowsProps): ReactNode {
  return (
    <Box flexDirection="column" width={columns} height={height}>
      {rows.slice(0, height).map((spans, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
        <Line key={place} spans={spans} columns={columns} />
      ))}
    </Box>
  )
}

/** Sentences in an empty pane: what is the matter, then, quieter, what to do. */
export function EmptyState({
  sentences,
  columns,
  height,
}: {
  sentences: readonly SafeText[]
  columns: number
  height: number
}): ReactNode {
  const width = Math.max(1, Math.min(columns - 4, 72))
  const rows = sentences.flatMap((sentence, place) =>
    wrap(sentence, width).map((line): Span[] => [
      { text: '  ' as SafeText },
      { text: line, style: place === 0 ? 'normal' : 'dim' },
    ]),
  )
  return <Rows rows={height > rows.length ? [[], ...rows] : rows} columns={columns} height={height} />
}
