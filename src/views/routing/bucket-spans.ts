import { plural } from '../../core/format.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { Glyphs } from '../../ui/glyphs.ts'
import type { Span } from '../../ui/spans.ts'
import { type Column, cell, fitColumns, rowSpans } from '../../ui/table.ts'

/** How many peers a bucket holds at the most: `k` of the Kademlia DHT specification. */
export const BUCKET_SIZE = 20

type ColumnId = 'name' | 'fill' | 'count' | 'bits' | 'age'

const COLUMNS: readonly Column<ColumnId>[] = [
  { id: 'name', least: 10, priority: 4, gap: 1 },
  { id: 'fill', least: BUCKET_SIZE, priority: 2 },
  { id: 'count', least: 8, priority: 3 },
  { id: 'bits', least: 28, grows: 1, priority: 1 },
  { id: 'age', least: 15, align: 'right', priority: 2 },
]

/** What a row shows of a bucket. */
interface ShownBucket {
  bucket: number
  /** How many peers are in it. */
  size: number
  glyphs: Glyphs
  /** How long ago a lookup went through it; absent: none has. */
  age: SafeText | undefined
}

/** A bucket: which, and how full, a sign for each peer in it; and when it was refreshed. */
export function bucketSpans(columns: number, { bucket, size, glyphs, age }: ShownBucket): Span[] {
  const full = Math.min(size, BUCKET_SIZE)
  const cells = {
    name: cell(say`Bucket ${bucket}`, 'heading'),
    fill: {
      spans: [
        { text: glyphs.focusedRule.repeat(full) as SafeText, style: 'accent' },
        { text: glyphs.dot.repeat(BUCKET_SIZE - full) as SafeText, style: 'dim' },
      ] satisfies Span[],
    },
    // The library splits far buckets too: all peers that share so many bits can be more than one bucket holds.
    count: cell(size > BUCKET_SIZE ? say`${size} peers` : say`${size} of ${BUCKET_SIZE}`),
    bits: cell(say`${plural(bucket, say`bit`, say`bits`)} of the key in common`, 'dim'),
    age: cell(age === undefined ? undefined : say`refreshed ${age}`, 'dim'),
  }
  return rowSpans(fitColumns(COLUMNS, columns), ({ id }) => cells[id])
}
