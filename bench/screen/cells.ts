/** How a terminal's screen looks, cell by cell, and what differs between two moments. */
import type { IBufferCell, Terminal } from '@xterm/headless'

/** One cell: what stands in it, and its colours and style as one word, '' for none that can be seen. */
interface Look {
  /** Empty in the right half of a wide character. */
  text: string
  style: string
}

/** All cells of a screen, row by row. */
export type Looks = readonly Look[]

/** How a terminal's screen looks now. */
export function looksOf(terminal: Terminal): Looks {
  const buffer = terminal.buffer.active
  return Array.from({ length: terminal.rows }, (_, y) => {
    const line = buffer.getLine(buffer.baseY + y)
    return Array.from({ length: terminal.cols }, (__, x) => lookOf(line?.getCell(x)))
  }).flat()
}

/** How many cells look different. Both must be of one size. */
export function changedCells(before: Looks, after: Looks): number {
  return after.filter((look, place) => !alike(look, before[place])).length
}

/** A line break and a move to the right: the shortest way to the middle of the next row. */
const JUMP_BYTES = 7
/** The shortest change of style. */
const STYLE_BYTES = 3
/** The shortest way to write many blanks: to erase. */
const ERASE_BYTES = 3

/**
 * No writer can do with fewer bytes, unless the terminal moves by itself what is on the screen: the characters that
 * changed, in UTF-8, one jump for each row that has any, and the changes of style between them. Leaves out what a writer
 * needs beyond that, such as jumps within a row.
 */
export function leastBytes(before: Looks, after: Looks, columns: number): number {
  let bytes = 0
  let style = ''
  let row = -1
  let blanks = 0
  for (const [place, look] of after.entries()) {
    const changed = !alike(look, before[place])
    const blank = changed && look.text === ' ' && look.style === ''
    if (blank && blanks < ERASE_BYTES) bytes += 1
    blanks = blank ? blanks + 1 : 0
    if (!changed) continue
    if (Math.floor(place / columns) !== row) bytes += JUMP_BYTES
    row = Math.floor(place / columns)
    if (blank) continue
    if (look.style !== style) bytes += STYLE_BYTES
    style = look.style
    bytes += Buffer.byteLength(look.text)
  }
  return bytes
}

function alike(look: Look, other: Look | undefined): boolean {
  return look.text === other?.text && look.style === other.style
}

function lookOf(cell: IBufferCell | undefined): Look {
  if (cell === undefined) return { text: ' ', style: '' }
  const text = cell.getWidth() === 0 ? '' : cell.getChars() || ' '
  const ground = cell.isBgDefault() ? '' : `on ${cell.getBgColorMode()}:${cell.getBgColor()}`
  const lines = flags({
    underline: cell.isUnderline(),
    inverse: cell.isInverse(),
    struck: cell.isStrikethrough(),
  })
  // Nobody sees the colour or the weight of a blank.
  if (text === ' ' && lines === '') return { text, style: ground }
  const weight = flags({ bold: cell.isBold(), dim: cell.isDim(), italic: cell.isItalic() })
  const ink = cell.isFgDefault() ? '' : `${cell.getFgColorMode()}:${cell.getFgColor()}`
  return { text, style: [lines, weight, ink, ground].filter(word => word !== '').join(' ') }
}

function flags(of: Readonly<Record<string, number>>): string {
  return Object.entries(of)
    .filter(([, on]) => on !== 0)
    .map(([name]) => name)
    .join(' ')
}
