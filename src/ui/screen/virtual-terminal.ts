import { graphemes, widthOf } from '../../core/width.ts'
import { blank, type Grid, moveRows, newGrid, resized, SECOND_HALF } from './grid.ts'
import { PLAIN, type Style, styleAfter, styleOfBlank } from './style.ts'
import { type Token, tokens } from './tokens.ts'

/**
 * What is not one column wide for sure, or may belong to a character before or after it. The others are printable ASCII,
 * and of Unicode's signs those that a screen is full of: dashes and dots, arrows, lines, blocks, circles.
 */
const NOT_SINGLE = /[^\x20-\x7e\u2010-\u2027\u2190-\u21ff\u2500-\u25cf]/
/** Each printable ASCII character as a string of its own. */
const ASCII = Array.from({ length: 0x7f }, (_, code) => String.fromCharCode(code))

/**
 * A terminal that exists in memory only: it does to a grid of cells what a real one does with the same bytes, as far as
 * Ink uses it (ECMA-48, and what xterm does at the right edge and at the bottom). What Ink wants to be seen is read off
 * it.
 */
export class VirtualTerminal {
  #grid: Grid
  #style: Style = PLAIN
  #x = 0
  #y = 0
  /** The last column has been written: the next character goes to the next row. */
  #wrapNext = false
  cursorVisible = true

  constructor(columns: number, rows: number) {
    this.#grid = newGrid(columns, rows)
  }

  get grid(): Readonly<Grid> {
    return this.#grid
  }

  /** Where the cursor stands, from 0 at the top left. */
  get cursor(): { x: number; y: number } {
    return { x: this.#x, y: this.#y }
  }

  /** Empties the screen, as entering the alternate screen does. */
  clear(): void {
    blank(this.#grid, 0, this.#grid.text.length)
    this.#style = PLAIN
    this.#moveTo(0, 0)
  }

  resize(columns: number, rows: number): void {
    const dropped = Math.max(0, this.#y - rows + 1)
    this.#grid = resized(this.#grid, columns, rows, this.#y)
    this.#moveTo(this.#x, this.#y - dropped)
  }

  write(written: string): void {
    for (const token of tokens(written)) this.put(token)
  }

  put(token: Token): void {
    if (token.kind === 'text') this.#print(token.text)
    else if (token.kind === 'control') this.#control(token.text)
    else if (token.kind === 'sequence') this.#sequence(token.prefix, token.final, token.parameters)
  }

  #control(character: string): void {
    // In Ink's raw mode the terminal's driver still adds the carriage return.
    if (character === '\n') this.#lineFeed()
    if (character === '\n' || character === '\r') this.#moveTo(0, this.#y)
    else if (character === '\b') this.#moveTo(this.#x - 1, this.#y)
  }

  #sequence(prefix: string, final: string, parameters: string): void {
    if (prefix === '?') {
      if (parameters === '25') this.cursorVisible = final === 'h'
      return
    }
    if (final === 'm') {
      this.#style = styleAfter(this.#style, parameters)
      return
    }
    const [first = 0, second = 0] = parameters.split(';').map(Number)
    const count = Math.max(1, first)
    if (final === 'A') this.#moveTo(this.#x, this.#y - count)
    else if (final === 'B') this.#moveTo(this.#x, this.#y + count)
    else if (final === 'C') this.#moveTo(this.#x + count, this.#y)
    else if (final === 'D') this.#moveTo(this.#x - count, this.#y)
    else if (final === 'E') this.#moveTo(0, this.#y + count)
    else if (final === 'F') this.#moveTo(0, this.#y - count)
    else if (final === 'G') this.#moveTo(count - 1, this.#y)
    else if (final === 'd') this.#moveTo(this.#x, count - 1)
    else if (final === 'H' || final === 'f') this.#moveTo(Math.max(1, second) - 1, count - 1)
    else if (final === 'J') this.#eraseScreen(first)
    else if (final === 'K') this.#eraseRow(first)
  }

  #moveTo(x: number, y: number): void {
    this.#x = Math.min(Math.max(x, 0), this.#grid.columns - 1)
    this.#y = Math.min(Math.max(y, 0), this.#grid.rows - 1)
    this.#wrapNext = false
  }

  #lineFeed(): void {
    if (this.#y < this.#grid.rows - 1) this.#y += 1
    else moveRows(this.#grid, 0, this.#grid.rows - 1, 1)
  }

  /** 0: from the cursor on, 1: up to it, 2: all. */
  #eraseScreen(which: number): void {
    const here = this.#y * this.#grid.columns + this.#x
    const end = this.#grid.text.length
    blank(this.#grid, which === 0 ? here : 0, which === 1 ? here + 1 : end)
  }

  #eraseRow(which: number): void {
    const start = this.#y * this.#grid.columns
    const here = start + this.#x
    blank(this.#grid, which === 0 ? here : start, which === 1 ? here + 1 : start + this.#grid.columns)
  }

  #print(text: string): void {
    if (!NOT_SINGLE.test(text)) {
      for (let i = 0; i < text.length; i += 1) this.#printOne(ASCII[text.charCodeAt(i)] ?? text.charAt(i), 1)
      return
    }
    for (const character of graphemes(text)) this.#printOne(character, widthOf(character))
  }

  #printOne(character: string, width: number): void {
    const { columns } = this.#grid
    if (width === 0) {
      this.#join(character)
      return
    }
    // A wide character on a screen of one column.
    if (width > columns) {
      this.#printOne(' ', 1)
      return
    }
    if (this.#wrapNext || this.#x + width > columns) {
      this.#lineFeed()
      this.#x = 0
      this.#wrapNext = false
    }
    const place = this.#y * columns + this.#x
    this.#set(place, width, character)
    this.#x += width
    if (this.#x >= columns) {
      this.#x = columns - 1
      this.#wrapNext = true
    }
  }

  #set(place: number, width: number, character: string): void {
    const { text, style, columns } = this.#grid
    const shown = character === ' ' ? styleOfBlank(this.#style) : this.#style
    // Half of a wide character that is written over takes its other half with it.
    if (text[place] === SECOND_HALF) text[place - 1] = ' '
    const after = place + width
    if (after % columns !== 0 && text[after] === SECOND_HALF) text[after] = ' '
    text[place] = character
    style[place] = shown
    for (let half = place + 1; half < after; half += 1) {
      text[half] = SECOND_HALF
      style[half] = shown
    }
  }

  /** A mark that takes no column of its own belongs to the character before it. */
  #join(mark: string): void {
    const start = this.#y * this.#grid.columns
    let place = start + this.#x - (this.#wrapNext ? 0 : 1)
    while (place > start && this.#grid.text[place] === SECOND_HALF) place -= 1
    if (place >= start) this.#grid.text[place] += mark
  }
}
