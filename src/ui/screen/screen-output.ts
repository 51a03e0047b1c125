import { EventEmitter } from 'node:events'
import { Brush } from './brush.ts'
import { type Grid, newGrid, UNKNOWN } from './grid.ts'
import { paint } from './paint.ts'
import { PLAIN } from './style.ts'
import type { TerminalLine } from './terminal-line.ts'
import { type Token, tokens } from './tokens.ts'
import { VirtualTerminal } from './virtual-terminal.ts'

/** What a shorter update draws is seen at once: it reaches the terminal in one piece. */
const SHORT = 256

/** A private mode of the terminal (DECSET, DECRST) that is of interest here. */
const MODES = { cursor: '25', alternateScreen: '1049', synchronised: '2026' } as const

/**
 * What Ink is given as its `stdout`: a screen between Ink and the terminal. Ink draws whole frames into a grid in
 * memory; the terminal gets what differs between that and what it shows. Frames that come while its line is not free are
 * left out, and the newest is drawn once it is: no frame waits in memory, and nobody waits for a terminal.
 *
 * On the main screen (before and after Ink's alternate one, and while the program is suspended) everything passes as it
 * is.
 */
export class ScreenOutput extends EventEmitter {
  readonly isTTY = true
  readonly #line: TerminalLine
  /** What Ink wants to be seen. */
  readonly #wanted: VirtualTerminal
  /** What the terminal shows. */
  #shown: Grid
  #cursorShown: boolean | undefined
  #brush: Brush
  #alternate = false
  #scheduled = false

  constructor(line: TerminalLine) {
    super()
    this.#line = line
    const { columns, rows } = line
    this.#wanted = new VirtualTerminal(columns, rows)
    this.#shown = newGrid(columns, rows, UNKNOWN)
    this.#brush = new Brush(columns)
    line.onResize(() => this.#resize())
    line.onFree(() => this.#draw())
  }

  get columns(): number {
    return this.#line.columns
  }

  get rows(): number {
    return this.#line.rows
  }

  /** Takes what Ink writes. `done` is called when it has been drawn, or left out. */
  write(written: string, done?: () => void): boolean {
    for (const token of tokens(written)) this.#take(token)
    if (this.#alternate) this.#schedule()
    if (done !== undefined) setImmediate(done)
    return true
  }

  /** Draws every cell again, whatever the terminal shows: another program may have written to it. */
  redraw(): void {
    this.#adopt()
    this.#schedule()
  }

  #take(token: Token): void {
    const mode = token.kind === 'sequence' && token.prefix === '?' ? token : undefined
    if (mode?.parameters === MODES.alternateScreen) this.#switch(mode.final === 'h', token.text)
    else if (!this.#alternate) {
      // A cursor that is hidden here is hidden on the alternate screen, too.
      if (mode?.parameters === MODES.cursor) this.#wanted.put(token)
      this.#line.send(token.text)
    } else if (mode?.parameters === MODES.synchronised) return
    else if (isDrawing(token)) this.#wanted.put(token)
    else this.#line.send(token.text)
  }

  /** Enters or leaves the alternate screen. */
  #switch(enter: boolean, sequence: string): void {
    if (enter) {
      this.#line.send(sequence)
      this.#adopt()
      this.#wanted.clear()
    } else {
      this.#brush.setStyle(PLAIN)
      this.#showCursor()
      this.#line.send(this.#brush.take() + sequence)
    }
    this.#alternate = enter
  }

  /** The terminal's size may be another, and what it shows is not known. */
  #adopt(): void {
    const { columns, rows } = this.#line
    this.#wanted.resize(columns, rows)
    this.#shown = newGrid(columns, rows, UNKNOWN)
    this.#brush = new Brush(columns)
    this.#cursorShown = undefined
  }

  /**
   * Draws when React has had its turn: before that Ink draws once more what was laid out for the former size, which
   * may be too wide for this one.
   */
  #resize(): void {
    this.#adopt()
    this.#scheduled = true
    this.emit('resize')
    setImmediate(() => {
      this.#scheduled = false
      this.#draw()
    })
  }

  /** Draws after all that Ink writes in this turn: it erases a frame and writes the next one by several calls. */
  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.#draw()
    })
  }

  #draw(): void {
    if (!this.#alternate || !this.#line.free) return
    paint(this.#brush, this.#shown, this.#wanted.grid)
    const { cursor, cursorVisible } = this.#wanted
    if (cursorVisible) this.#brush.moveTo(cursor.x, cursor.y)
    const changed = this.#brush.take()
    const together = changed.length > SHORT ? this.#atOnce(changed) : changed
    this.#showCursor()
    const bytes = together + this.#brush.take()
    if (bytes !== '') this.#line.send(bytes)
  }

  #showCursor(): void {
    const { cursorVisible } = this.#wanted
    if (cursorVisible === this.#cursorShown) return
    this.#cursorShown = cursorVisible
    this.#brush.add(modeBytes(MODES.cursor, cursorVisible))
  }

  /** A long update, so that nobody sees half of it, nor the cursor run about in it. */
  #atOnce(bytes: string): string {
    if (this.#line.synchronised) {
      return modeBytes(MODES.synchronised, true) + bytes + modeBytes(MODES.synchronised, false)
    }
    if (this.#cursorShown === false) return bytes
    this.#cursorShown = false
    return modeBytes(MODES.cursor, false) + bytes
  }
}

/** True for what changes cells or the cursor; the rest (other modes, titles, a clipboard's text) is not ours. */
function isDrawing(token: Token): boolean {
  if (token.kind === 'sequence') {
    return token.prefix === '' || (token.prefix === '?' && token.parameters === MODES.cursor)
  }
  return token.kind !== 'other'
}

function modeBytes(mode: string, on: boolean): string {
  return `\x1b[?${mode}${on ? 'h' : 'l'}`
}
