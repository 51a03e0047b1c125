import { PLAIN, type Style } from './style.ts'

/** Stands in the second column of a wide character. */
export const SECOND_HALF = ''
/** Stands in a cell of which nobody knows what the terminal shows: different from all that can be wanted. */
export const UNKNOWN = '\0'

/** The cells of a screen, row by row. */
export interface Grid {
  readonly columns: number
  readonly rows: number
  /** What stands in each cell: one character as a person sees it, with its combining marks; a blank when empty. */
  readonly text: string[]
  readonly style: Style[]
}

/** A grid of blanks. */
export function newGrid(columns: number, rows: number, text = ' '): Grid {
  const size = columns * rows
  return { columns, rows, text: new Array(size).fill(text), style: new Array(size).fill(PLAIN) }
}

/** Empties the cells from one place up to another; places count row by row. */
export function blank(grid: Grid, from: number, to: number): void {
  grid.text.fill(' ', from, to)
  grid.style.fill(PLAIN, from, to)
}

/** Makes `to` show what `from` shows; both are of one size. */
export function copyGrid(from: Grid, to: Grid): void {
  for (let place = 0; place < from.text.length; place += 1) {
    to.text[place] = from.text[place] as string
    to.style[place] = from.style[place] as Style
  }
}

/** Array's own copyWithin takes several times as long. */
function copyRow({ columns, text, style }: Grid, from: number, to: number): void {
  for (let x = 0; x < columns; x += 1) {
    text[to * columns + x] = text[from * columns + x] as string
    style[to * columns + x] = style[from * columns + x] as Style
  }
}

/** Rows from `top` to `bottom`, both included, move up by so many rows (down where negative); what is left is empty. */
export function moveRows(grid: Grid, top: number, bottom: number, by: number): void {
  const { columns } = grid
  // From the side that they move to, so that none is written over before it was read.
  if (by > 0) for (let y = top; y <= bottom - by; y += 1) copyRow(grid, y + by, y)
  else for (let y = bottom; y >= top - by; y -= 1) copyRow(grid, y + by, y)
  const empty = by > 0 ? bottom + 1 - by : top
  blank(grid, empty * columns, (empty + Math.abs(by)) * columns)
}

/**
 * The same cells in another size: columns are lost or added on the right, rows at the bottom; rows on top go first
 * where `keepRow` would be lost otherwise. So does a terminal without scrollback, which its alternate screen is.
 */
export function resized(grid: Grid, columns: number, rows: number, keepRow: number): Grid {
  const next = newGrid(columns, rows)
  const dropped = Math.max(0, keepRow - rows + 1)
  const width = Math.min(columns, grid.columns)
  for (let y = 0; y < Math.min(rows, grid.rows - dropped); y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = (y + dropped) * grid.columns + x
      next.text[y * columns + x] = grid.text[from] as string
      next.style[y * columns + x] = grid.style[from] as Style
    }
    const last = y * columns + width - 1
    // Half of a wide character cannot be shown.
    const cutInTwo = width < grid.columns && grid.text[(y + dropped) * grid.columns + width] === SECOND_HALF
    if (cutInTwo) blank(next, last, last + 1)
  }
  return next
}
