/**
 * What Ink's renderer writes for given frames, without React and layout: the calls of `renderInteractiveFrame`,
 * `resized`, `setAlternateScreen` and `beginSuspend` in `ink/build/ink.js`, with Ink's own `log-update.js` below them.
 */
/** Where a frame wants the cursor; undefined: hidden. */
export type FrameCursor = { x: number; y: number } | undefined

interface LogUpdate {
  (text: string): boolean
  clear(): void
  done(): void
  reset(): void
  sync(text: string): void
  willRender(text: string): boolean
  setCursorPosition(at: FrameCursor): void
  getCursorPosition(): FrameCursor
}

export interface InksStdout {
  readonly isTTY: true
  readonly columns: number
  readonly rows: number
  write(text: string): boolean
}

// Ink does not export it.
const logUpdatePath = new URL('log-update.js', import.meta.resolve('ink'))
const { default: logUpdate } = (await import(logUpdatePath.href)) as {
  default: { create(stream: InksStdout): LogUpdate }
}

const ENTER_ALTERNATE = '\x1b[?1049h'
const EXIT_ALTERNATE = '\x1b[?1049l'
const HOME_AND_ERASE_DOWN = '\x1b[1;1H\x1b[J'

export class InkWriter {
  readonly #stdout: InksStdout
  readonly #log: LogUpdate
  #lastFrame = ''
  #lastHeight = 0
  #columns: number
  #rows: number

  constructor(stdout: InksStdout) {
    this.#stdout = stdout
    this.#log = logUpdate.create(stdout)
    this.#columns = stdout.columns
    this.#rows = stdout.rows
  }

  /** Enters the alternate screen, as at the start and after a suspension. */
  enter(): void {
    this.#stdout.write(ENTER_ALTERNATE)
    this.#stdout.write('\x1b[?25l')
    this.#forget()
    this.#log.reset()
  }

  /** Gives the terminal back, as before a suspension. */
  suspend(): void {
    this.#log.clear()
    this.#log.done()
    this.#stdout.write(EXIT_ALTERNATE)
  }

  /** Ends, as `unmount` does. */
  unmount(): void {
    this.#log.done()
    this.#stdout.write(EXIT_ALTERNATE)
    this.#stdout.write('\x1b[?25h')
  }

  /** Called after the terminal's size has changed, before the next frame. */
  resized(): void {
    const { columns, rows } = this.#stdout
    const lostRows = rows < this.#rows && this.#log.getCursorPosition() !== undefined
    if (columns < this.#columns || lostRows) {
      this.#log.clear()
      this.#forget()
    }
    this.#columns = columns
  }

  /** Draws a frame. */
  draw(lines: readonly string[], cursor: FrameCursor): void {
    const { rows } = this.#stdout
    const height = lines.length
    const frame = lines.join('\n') + (height >= rows ? '' : '\n')
    const clear = this.#mustClear(height)
    this.#rows = rows
    this.#log.setCursorPosition(cursor)
    if (clear) {
      this.#stdout.write('\x1b[?2026h')
      this.#stdout.write(HOME_AND_ERASE_DOWN + frame)
      this.#log.sync(frame)
      this.#stdout.write('\x1b[?2026l')
    } else {
      const writes = this.#log.willRender(frame)
      if (writes) this.#stdout.write('\x1b[?2026h')
      this.#log(frame)
      if (writes) this.#stdout.write('\x1b[?2026l')
    }
    this.#lastFrame = frame
    this.#lastHeight = height
  }

  /** See `shouldClearTerminalForFrame`. */
  #mustClear(height: number): boolean {
    const { rows } = this.#stdout
    const wasFull = this.#lastHeight >= rows
    return (
      this.#lastHeight > rows ||
      (height > rows && this.#lastFrame !== '') ||
      (wasFull && height < rows) ||
      (rows < this.#rows && wasFull)
    )
  }

  #forget(): void {
    this.#lastFrame = ''
    this.#lastHeight = 0
  }
}
