/** Which cells of a screen look different from before. */
import type { Terminal } from '@xterm/headless'

/** What each cell looks like, row by row: its character, colours and style as one text. */
export type Looks = readonly string[]

/** How a terminal's screen looks. The right half of a wide character counts as a cell of its own. */
export function looksOf(terminal: Terminal): Looks {
  const buffer = terminal.buffer.active
  const looks: string[] = []
  for (let y = 0; y < terminal.rows; y += 1) {
    const line = buffer.getLine(buffer.baseY + y)
    for (let x = 0; x < terminal.cols; x += 1) {
      const cell = line?.getCell(x)
      if (cell === undefined) {
        looks.push(' ')
        continue
      }
      const text = cell.getChars() || ' '
      const background = `${cell.getBgColorMode()}:${cell.getBgColor()}`
      const lines = `${cell.isUnderline()}${cell.isInverse()}${cell.isStrikethrough()}`
      const ink = `${cell.getFgColorMode()}:${cell.getFgColor()}:${cell.isBold()}${cell.isDim()}${cell.isItalic()}`
      // Nobody sees the colour or the weight of a blank.
      const visible = text === ' ' && !cell.isInverse() && !cell.isUnderline() ? '' : ink
      looks.push(`${text}|${background}|${lines}|${visible}|${cell.getWidth()}`)
    }
  }
  return looks
}

/** How many cells look different. Both must be of one size. */
export function changedCells(before: Looks, after: Looks): number {
  return after.filter((look, place) => look !== before[place]).length
}
