import type { Grid } from './grid.ts'
import { PLAIN } from './style.ts'

/** Rows from `top` to `bottom`, both included, that move up by so many rows; down where `by` is negative. */
export interface Scroll {
  top: number
  bottom: number
  by: number
}

/** The furthest that rows are looked for. */
const FURTHEST = 6
/** Fewer changed cells are not worth a look: to scroll and to find the cursor again takes some 30 bytes. */
const FEW_CELLS = 100

/**
 * Where the terminal can move rows by itself, so that most of what moved need not be written: a log that grows while
 * nothing stands beside it, a list that is paged. Undefined where writing is as short.
 */
export function findScroll(shown: Grid, wanted: Readonly<Grid>): Scroll | undefined {
  const { rows } = wanted
  const changed = Array.from({ length: rows }, (_, y) => differences(shown, y, wanted, y))
  if (changed.reduce((sum, cells) => sum + cells, 0) < FEW_CELLS) return undefined
  let best: { scroll: Scroll; saved: number } | undefined
  for (let distance = 1; distance <= Math.min(FURTHEST, rows - 1); distance += 1) {
    for (const by of [distance, -distance]) {
      const found = bestRows(shown, wanted, changed, by)
      if (found !== undefined && found.saved > (best?.saved ?? FEW_CELLS)) best = found
    }
  }
  return best?.scroll
}

/** The rows next to each other of which moving saves the most cells (Kadane's maximum subarray), if any does. */
function bestRows(
  shown: Grid,
  wanted: Readonly<Grid>,
  changed: readonly number[],
  by: number,
): { scroll: Scroll; saved: number } | undefined {
  const { rows } = wanted
  let best = { first: 0, last: 0, saved: 0 }
  let first = 0
  let saved = 0
  for (let y = Math.max(0, -by); y < Math.min(rows, rows - by); y += 1) {
    if (saved <= 0) {
      first = y
      saved = 0
    }
    const most = saved + (changed[y] as number)
    saved = most - differences(shown, y + by, wanted, y, most)
    if (saved > best.saved) best = { first, last: y, saved }
  }
  if (best.saved === 0) return undefined
  const scroll =
    by > 0 ? { top: best.first, bottom: best.last + by, by } : { top: best.first + by, bottom: best.last, by }
  return { scroll, saved: best.saved - lost(wanted, changed, scroll) }
}

/** What has to be written although it may have stood there: the rows that become empty. */
function lost(wanted: Readonly<Grid>, changed: readonly number[], { top, bottom, by }: Scroll): number {
  const first = by > 0 ? bottom - by + 1 : top
  let cells = 0
  for (let y = first; y < first + Math.abs(by); y += 1) cells += ink(wanted, y) - (changed[y] as number)
  return cells
}

/** How many cells of a row are no plain blanks. */
function ink({ columns, text, style }: Readonly<Grid>, y: number): number {
  let count = 0
  for (let place = y * columns; place < (y + 1) * columns; place += 1) {
    if (text[place] !== ' ' || style[place] !== PLAIN) count += 1
  }
  return count
}

/** How many cells differ between a row of one grid and a row of another; from `most` on they are not counted. */
function differences(
  a: Grid,
  rowOfA: number,
  b: Readonly<Grid>,
  rowOfB: number,
  most = Number.POSITIVE_INFINITY,
): number {
  const { columns } = b
  let from = rowOfA * columns
  let count = 0
  for (let place = rowOfB * columns; place < (rowOfB + 1) * columns && count < most; place += 1, from += 1) {
    if (a.text[from] !== b.text[place] || a.style[from] !== b.style[place]) count += 1
  }
  return count
}
