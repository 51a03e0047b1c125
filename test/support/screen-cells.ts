import type { IBufferCell, Terminal } from '@xterm/headless'

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']

/** Neighbouring cells that look alike. */
export interface Run {
  text: string
  /** Words in this order, '' for none of them: bold dim underline inverse, a colour, on-<colour>. E.g. 'bold red'. */
  style: string
}

/** The rows on screen, top to bottom, without the blanks at their ends. */
export function rowsOf(terminal: Terminal): string[] {
  const buffer = terminal.buffer.active
  return Array.from(
    { length: terminal.rows },
    (_, y) =>
      buffer
        .getLine(buffer.baseY + y)
        // After a terminal has become narrower its lines still hold what nobody sees.
        ?.translateToString(true, 0, terminal.cols)
        .trimEnd() ?? '',
  )
}

/**
 * One row as runs of equal style; blanks without style at its end are left out. Neither weight nor the colour of text
 * shows on a blank: such a one belongs to the run before it.
 */
export function runsOf(terminal: Terminal, y: number): Run[] {
  const buffer = terminal.buffer.active
  const line = buffer.getLine(buffer.baseY + y)
  const runs: Run[] = []
  for (let x = 0; x < terminal.cols; x++) {
    const cell = line?.getCell(x)
    // The right half of a wide character is a cell of no width.
    if (cell === undefined || cell.getWidth() === 0) continue
    const last = runs.at(-1)
    const text = cell.getChars() || ' '
    const unseen = text === ' ' && !showsOnBlank(styleOf(cell))
    const style = unseen ? (last !== undefined && !showsOnBlank(last.style) ? last.style : '') : styleOf(cell)
    if (last?.style === style) last.text += text
    else runs.push({ text, style })
  }
  const end = runs.at(-1)
  if (end !== undefined && !showsOnBlank(end.style)) end.text = end.text.trimEnd()
  return end?.text === '' ? runs.slice(0, -1) : runs
}

/** All that can be seen of a terminal, to be compared with another's. */
export interface Picture {
  buffer: 'normal' | 'alternate'
  /** Each row as one text: its characters, and where its looks change. */
  rows: string[]
  /** The column and row in which the cursor stands; undefined when it is hidden. */
  cursor: { x: number; y: number } | undefined
}

/** The picture that a terminal shows, cell by cell and style by style. Of a blank only what shows on it counts. */
export function pictureOf(terminal: Terminal, cursorVisible: boolean): Picture {
  const { type, baseY, cursorX, cursorY } = terminal.buffer.active
  const rows = Array.from({ length: terminal.rows }, (_, y) => pictureOfRow(terminal, baseY + y))
  // A cursor that waits behind the last column is drawn on it.
  const cursor = { x: Math.min(cursorX, terminal.cols - 1), y: cursorY }
  return { buffer: type, rows, cursor: cursorVisible ? cursor : undefined }
}

function pictureOfRow(terminal: Terminal, y: number): string {
  const line = terminal.buffer.active.getLine(y)
  const cell = terminal.buffer.active.getNullCell()
  let picture = ''
  let lookBefore = ''
  for (let x = 0; x < terminal.cols; x++) {
    if (line?.getCell(x, cell) === undefined || cell.getWidth() === 0) continue
    const text = cell.getChars() || ' '
    const look = fullLookOf(cell, text)
    if (look !== lookBefore) picture += `<${look}>`
    lookBefore = look
    picture += text
  }
  return picture
}

/** Everything that the emulator knows of a cell's style. */
function fullLookOf(cell: IBufferCell, text: string): string {
  if (cell.isAttributeDefault()) return ''
  const lines = [
    cell.isUnderline() ? 'u' : '',
    cell.isInverse() ? 'v' : '',
    cell.isStrikethrough() ? 's' : '',
    cell.isOverline() ? 'o' : '',
  ].join('')
  const ground = cell.isBgDefault() ? '' : `on${cell.getBgColorMode()}:${cell.getBgColor()}`
  if (text === ' ' && lines === '') return ground
  const weight = [
    cell.isBold() ? 'b' : '',
    cell.isDim() ? 'd' : '',
    cell.isItalic() ? 'i' : '',
    cell.isBlink() ? 'k' : '',
    cell.isInvisible() ? 'h' : '',
  ].join('')
  const ink = cell.isFgDefault() ? '' : `${cell.getFgColorMode()}:${cell.getFgColor()}`
  return `${lines}${weight} ${ink} ${ground}`.trim()
}

/** The columns of a row in which a character stands; wide characters before it count for two. */
export function columnsOf(terminal: Terminal, character: string, y: number): number[] {
  const line = terminal.buffer.active.getLine(terminal.buffer.active.baseY + y)
  const columns = Array.from({ length: terminal.cols }, (_, x) => x)
  return columns.filter(x => line?.getCell(x)?.getChars() === character)
}

function showsOnBlank(style: string): boolean {
  return /underline|inverse|on-/.test(style)
}

function styleOf(cell: IBufferCell): string {
  const words = [
    cell.isBold() ? 'bold' : '',
    cell.isDim() ? 'dim' : '',
    cell.isUnderline() ? 'underline' : '',
    cell.isInverse() ? 'inverse' : '',
    cell.isFgDefault() ? '' : colour(cell.isFgPalette(), cell.getFgColor()),
    cell.isBgDefault() ? '' : `on-${colour(cell.isBgPalette(), cell.getBgColor())}`,
  ]
  return words.filter(word => word !== '').join(' ')
}

function colour(palette: boolean, value: number): string {
  if (!palette) return `#${value.toString(16).padStart(6, '0')}`
  if (value > 15) return `palette-${value}`
  return `${value > 7 ? 'bright-' : ''}${COLOURS[value % 8]}`
}
