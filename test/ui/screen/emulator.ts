import { Terminal } from '@xterm/headless'
import { giveModernWidths } from '../../support/cell-width.ts'
import { type Picture, pictureOf } from '../../support/screen-cells.ts'

/** A terminal emulator that is fed bytes, and tells what it shows. */
export class Emulator {
  readonly terminal: Terminal
  /** What it was asked to put on its clipboard (OSC 52). */
  readonly clipboard: string[] = []
  #cursorVisible = true

  /** `oldWidths`: with the characters' widths of Unicode 6, where emoji take one column. */
  constructor(columns: number, rows: number, { oldWidths = false } = {}) {
    this.terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true })
    if (!oldWidths) giveModernWidths(this.terminal)
    this.#watchCursor('h', true)
    this.#watchCursor('l', false)
    this.terminal.parser.registerOscHandler(52, text => {
      this.clipboard.push(text)
      return true
    })
  }

  /** Shows bytes; settles when they have been drawn. */
  show(bytes: string): Promise<void> {
    return new Promise(drawn => this.terminal.write(bytes, drawn))
  }

  /**
   * Takes another size, as terminals do that forget what they cannot show. This one keeps columns that were cut off and
   * shows them again when it becomes wider.
   */
  async resize(columns: number, rows: number): Promise<void> {
    const { cols: before } = this.terminal
    this.terminal.resize(columns, rows)
    if (columns <= before || this.terminal.buffer.active.type === 'normal') return
    const rest = Array.from({ length: rows }, (_, y) => `\x1b[${y + 1};${before + 1}H\x1b[K`)
    await this.show(`\x1b7\x1b[m${rest.join('')}\x1b8`)
  }

  picture(): Picture {
    return pictureOf(this.terminal, this.#cursorVisible)
  }

  /** The characters in a row, without blanks at its end. */
  row(y: number): string {
    const { active } = this.terminal.buffer
    return (
      active
        .getLine(active.baseY + y)
        ?.translateToString(true)
        .trimEnd() ?? ''
    )
  }

  /** The character in a cell; '' in a wide one's second half. */
  cell(x: number, y: number): string {
    const { active } = this.terminal.buffer
    const cell = active.getLine(active.baseY + y)?.getCell(x)
    return cell === undefined || cell.getWidth() === 0 ? '' : cell.getChars() || ' '
  }

  /** Whether pastes are to be marked as such (mode 2004). */
  get bracketedPaste(): boolean {
    return this.terminal.modes.bracketedPasteMode
  }

  #watchCursor(final: 'h' | 'l', visible: boolean): void {
    this.terminal.parser.registerCsiHandler({ prefix: '?', final }, params => {
      if (params.includes(25)) this.#cursorVisible = visible
      return false
    })
  }
}
