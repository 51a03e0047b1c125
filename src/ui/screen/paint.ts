import type { Brush } from './brush.ts'
import { isWidthCertain } from './certain-width.ts'
import { copyGrid, type Grid, moveRows, SECOND_HALF, UNKNOWN } from './grid.ts'
import { findScroll } from './scroll.ts'
import { PLAIN, type Style } from './style.ts'

/** A longer stretch of unchanged cells is never worth writing again. */
const LONGEST_WALK = 12

/** What does not fit into a row stays in its last column (DECAWM). */
const WRAP_OFF = '\x1b[?7l'
const WRAP_ON = '\x1b[?7h'

/** Brings a terminal that shows `shown` to show `wanted`, with few bytes, and notes in `shown` that it does. */
export function paint(brush: Brush, shown: Grid, wanted: Readonly<Grid>): void {
  const scroll = findScroll(shown, wanted)
  if (scroll !== undefined) {
    brush.scroll(scroll)
    moveRows(shown, scroll.top, scroll.bottom, scroll.by)
  }
  for (let y = 0; y < wanted.rows; y += 1) new Row(brush, shown, wanted, y).paint()
  copyGrid(wanted, shown)
}

/** One row of both grids; `x` counts columns from 0. */
class Row {
  readonly #brush: Brush
  readonly #shown: Grid
  readonly #wanted: Readonly<Grid>
  readonly #y: number
  readonly #start: number
  /** From this column on everything is written again, see {@link #firstUncertain}. */
  readonly #afreshFrom: number

  constructor(brush: Brush, shown: Grid, wanted: Readonly<Grid>, y: number) {
    this.#brush = brush
    this.#shown = shown
    this.#wanted = wanted
    this.#y = y
    this.#start = y * wanted.columns
    this.#afreshFrom = wanted.columns
    this.#afreshFrom = this.#firstUncertain()
  }

  paint(): void {
    const { columns } = this.#wanted
    let x = this.#nextChange(0)
    while (x < columns) {
      const blanks = this.#blanksFrom(x)
      const after = this.#nextChange(x + blanks)
      const toEnd = x + blanks === columns
      if (blanks > 1 && this.#brush.erase({ x, y: this.#y }, blanks, { toEnd, goesOn: after < columns })) {
        x = after
        continue
      }
      this.#approach(x)
      x = this.#nextChange(x + this.#draw(x))
    }
  }

  /** The first column from `x` on that has to be written; the number of columns when there is none. */
  #nextChange(x: number): number {
    const { columns } = this.#wanted
    let next = x
    while (next < columns && !this.#isChanged(next)) next += 1
    return next
  }

  #isChanged(x: number): boolean {
    const place = this.#start + x
    return (
      x >= this.#afreshFrom ||
      this.#shown.text[place] !== this.#wanted.text[place] ||
      this.#shown.style[place] !== this.#wanted.style[place]
    )
  }

  /**
   * The first changed character, old or new, of which terminals disagree how wide it is. It may cover what stands after
   * it, or uncover what stood there.
   */
  #firstUncertain(): number {
    const { columns } = this.#wanted
    for (let x = this.#nextChange(0); x < columns; x = this.#nextChange(x + 1)) {
      const before = this.#shown.text[this.#start + x] as string
      if (before !== UNKNOWN && !isWidthCertain(before)) return x
      if (!isWidthCertain(this.#text(x))) return x
    }
    return columns
  }

  #text(x: number): string {
    return this.#wanted.text[this.#start + x] as string
  }

  #style(x: number): Style {
    return this.#wanted.style[this.#start + x] as Style
  }

  /** How many plain blanks stand from `x` on, up to the last one that has to be written. */
  #blanksFrom(x: number): number {
    const { columns } = this.#wanted
    let end = x
    let last = x
    while (end < columns && this.#text(end) === ' ' && this.#style(end) === PLAIN) {
      end += 1
      if (this.#isChanged(end - 1)) last = end
    }
    // To the end of the row they are erased at once, however many they are.
    return end === columns && last > x ? columns - x : last - x
  }

  /** Brings the cursor to a column: by writing again what stands before it, where that is shorter than a move. */
  #approach(x: number): void {
    const brush = this.#brush
    const from = brush.columnIn(this.#y)
    if (from === undefined || from >= x || x - from > LONGEST_WALK || !this.#isCertain(from, x)) {
      brush.moveTo(x, this.#y)
      return
    }
    const jump = brush.fork()
    jump.moveTo(x, this.#y)
    jump.setStyleFor(this.#text(x), this.#style(x))
    const walk = brush.fork()
    for (let column = from; column < x; column += 1) walk.print(this.#text(column), this.#style(column), 1)
    walk.setStyleFor(this.#text(x), this.#style(x))
    brush.join(walk.length <= jump.length ? walk : jump)
  }

  /** True when all characters in some columns are one column wide, on any terminal. */
  #isCertain(from: number, to: number): boolean {
    for (let x = from; x < to; x += 1) {
      const text = this.#text(x)
      if (text === SECOND_HALF || !isWidthCertain(text)) return false
    }
    return this.#text(to) !== SECOND_HALF
  }

  /** Writes one character where the cursor stands, and says how many columns it takes. */
  #draw(x: number): number {
    const text = this.#text(x)
    const style = this.#style(x)
    let width = 1
    while (x + width < this.#wanted.columns && this.#text(x + width) === SECOND_HALF) width += 1
    if (isWidthCertain(text)) {
      this.#brush.print(text, style, width)
      return width
    }
    // A terminal that takes it for narrower than we do is not to leave something old beside it.
    for (let blank = 0; blank < width; blank += 1) this.#brush.print(' ', style, 1)
    this.#brush.moveTo(x, this.#y)
    // Nor is one that takes it for wider, two columns for each code point at most, to go on with it in the next row.
    const mayWrap = x + 2 * [...text].length > this.#wanted.columns
    if (mayWrap) this.#brush.add(WRAP_OFF)
    this.#brush.print(text, style, width)
    if (mayWrap) this.#brush.add(WRAP_ON)
    return width
  }
}
