import { EventEmitter } from 'node:events'
import { Writable } from 'node:stream'
import type { TerminalLine } from '../../src/ui/screen/terminal-line.ts'

/** A TTY to write to: everything goes to `show`, whose promise is the terminal having taken it in. */
export class FakeStdout extends Writable {
  readonly isTTY = true
  columns: number
  rows: number
  /** Every byte written so far, as text. */
  written = ''
  readonly #show: (text: string) => Promise<void>

  constructor(columns: number, rows: number, show: (text: string) => Promise<void>) {
    super({ decodeStrings: false })
    this.columns = columns
    this.rows = rows
    this.#show = show
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    const text = chunk.toString()
    this.written += text
    void this.#show(text).then(done)
  }
}

/** A line to a TTY that is always free. */
export function lineTo(stdout: FakeStdout, { synchronised = false } = {}): TerminalLine {
  return {
    synchronised,
    free: true,
    get columns() {
      return stdout.columns
    },
    get rows() {
      return stdout.rows
    },
    send: bytes => void stdout.write(bytes),
    onFree: () => () => {},
    onResize(listener) {
      stdout.on('resize', listener)
      return () => stdout.off('resize', listener)
    },
  }
}

/** A TTY to read from: each {@link type} is one chunk of one read, as Ink sees it from a real terminal. */
export class FakeStdin extends EventEmitter {
  readonly isTTY = true
  isRaw = false
  readonly #chunks: string[] = []

  constructor() {
    super()
    // What was typed before anyone listened waits, as it does in a kernel's buffer.
    this.on('newListener', event => {
      if (event === 'readable' && this.#chunks.length > 0) queueMicrotask(() => this.emit('readable'))
    })
  }

  type(chunk: string): void {
    this.#chunks.push(chunk)
    this.emit('readable')
  }

  /** As in a real stream, whoever listens to `data` sees what is read. */
  read(): string | null {
    const chunk = this.#chunks.shift() ?? null
    if (chunk !== null) this.emit('data', chunk)
    return chunk
  }

  setRawMode(on: boolean): this {
    this.isRaw = on
    return this
  }

  setEncoding(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  pause(): this {
    return this
  }

  resume(): this {
    return this
  }
}
