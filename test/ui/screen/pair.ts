import { setImmediate as immediate } from 'node:timers/promises'
import { expect } from 'vitest'
import { ScreenOutput } from '../../../src/ui/screen/screen-output.ts'
import { Emulator } from './emulator.ts'
import { InkWriter } from './ink-writer.ts'
import { SwitchedLine } from './switched-line.ts'

/** Two emulators of one size: to one Ink writes by itself, to the other through the screen. */
export class Pair {
  readonly plain: Emulator
  readonly drawn: Emulator
  readonly line: SwitchedLine
  readonly output: ScreenOutput
  readonly ink: InkWriter
  #plainBytes = ''

  constructor(columns: number, rows: number, { synchronised = false } = {}) {
    this.plain = new Emulator(columns, rows)
    this.drawn = new Emulator(columns, rows)
    this.line = new SwitchedLine(columns, rows, { synchronised })
    this.output = new ScreenOutput(this.line)
    const { line } = this
    this.ink = new InkWriter({
      isTTY: true,
      get columns() {
        return line.columns
      },
      get rows() {
        return line.rows
      },
      write: bytes => this.write(bytes),
    })
    this.output.on('resize', () => this.ink.resized())
  }

  /** Writes the same to both. */
  write(bytes: string): true {
    this.#plainBytes += bytes
    this.output.write(bytes)
    return true
  }

  /** As a terminal does it: it has its new size before anyone is told. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.settle()
    await Promise.all([this.plain.resize(columns, rows), this.drawn.resize(columns, rows)])
    this.line.resize(columns, rows)
    // React has its turn before anything is drawn in the new size.
    await immediate()
  }

  /** Lets both emulators draw what they were sent; gives what was sent to the one behind the screen. */
  async settle(): Promise<string> {
    // The screen draws after all that Ink writes in one turn.
    await Promise.resolve()
    const plain = this.#plainBytes
    this.#plainBytes = ''
    const sent = this.line.take()
    await Promise.all([this.plain.show(plain), this.drawn.show(sent)])
    return sent
  }

  /** Fails unless both emulators look alike and were asked for the same. */
  async expectAlike(): Promise<void> {
    await this.settle()
    expect(this.drawn.picture()).toEqual(this.plain.picture())
    expect(this.drawn.bracketedPaste).toBe(this.plain.bracketedPaste)
    expect(this.drawn.clipboard).toEqual(this.plain.clipboard)
  }
}
