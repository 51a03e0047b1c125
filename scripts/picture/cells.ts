import type { IBufferCell, Terminal } from '@xterm/headless'
import { BACKGROUND, FOREGROUND, mix, paletteColour, rgbColour } from './colours.ts'

/** One character of a screen as it looks. */
export interface Cell {
  text: string
  /** Columns that it takes. */
  width: 1 | 2
  colour: string
  /** Absent: the screen's own. */
  background?: string
  bold: boolean
  underline: boolean
}

const DIMMED = 0.42

/** The rows on a terminal's screen, top to bottom. The right half of a wide character is no cell of its own. */
export function cellsOf(terminal: Terminal): Cell[][] {
  const buffer = terminal.buffer.active
  return Array.from({ length: terminal.rows }, (_, y) => {
    const line = buffer.getLine(buffer.baseY + y)
    return Array.from({ length: terminal.cols }, (__, x) => line?.getCell(x))
      .filter(cell => cell !== undefined && cell.getWidth() > 0)
      .map(cell => toCell(cell as IBufferCell))
  })
}

function toCell(cell: IBufferCell): Cell {
  const [colour, background] = coloursOf(cell)
  return {
    text: cell.getChars() || ' ',
    width: cell.getWidth() === 2 ? 2 : 1,
    colour: cell.isDim() ? mix(colour, background, DIMMED) : colour,
    ...(background === BACKGROUND ? {} : { background }),
    bold: cell.isBold() !== 0,
    underline: cell.isUnderline() !== 0,
  }
}

function coloursOf(cell: IBufferCell): [colour: string, background: string] {
  const colour = cell.isFgDefault() ? FOREGROUND : named(cell.isFgPalette(), cell.getFgColor())
  const background = cell.isBgDefault() ? BACKGROUND : named(cell.isBgPalette(), cell.getBgColor())
  return cell.isInverse() ? [background, colour] : [colour, background]
}

function named(palette: boolean, value: number): string {
  return palette ? paletteColour(value) : rgbColour(value)
}
