/** A stream of bytes as lines of text, in memory that does not grow with them. */
import type { Readable } from 'node:stream'
import { formatCount } from '../core/format.ts'
import { type SafeText, say } from '../core/safe-text.ts'

/** A longer line is not read, in bytes: no command has so many. */
export const MAX_LINE_BYTES = 64 * 1024

const LF = 0x0a
const CR = 0x0d

/** A line without its end, or what is wrong with it. */
export type InputLine = { text: string } | { problem: SafeText }

/**
 * Reads lines that end in LF, CRLF or CR; the last one needs no end. The stream is read no faster than the lines are
 * taken. A stream that breaks off has ended.
 */
export async function* readLines(input: Readable): AsyncGenerator<InputLine> {
  const lines = new LineSplitter()
  try {
    for await (const chunk of input)
      yield* lines.split(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
  } catch {
    // A terminal that hung up, a pipe that broke: whoever wrote has gone.
  }
  yield* lines.end()
}

/** Takes bytes apart. Of a line that is too long it keeps the length alone. */
class LineSplitter {
  /** The line that has begun, in pieces, and its length in bytes. */
  #pieces: Buffer[] = []
  #length = 0
  #afterCR = false
  #first = true

  #add(piece: Buffer): void {
    if (piece.length === 0) return
    this.#length += piece.length
    if (this.#length > MAX_LINE_BYTES) this.#pieces = []
    // A copy: the piece would keep its whole chunk.
    else this.#pieces.push(Buffer.from(piece))
  }

  *split(chunk: Buffer): Generator<InputLine> {
    if (chunk.length === 0) return
    let start = 0
    let nextLF = chunk.indexOf(LF)
    let nextCR = chunk.indexOf(CR)
    if (this.#afterCR && nextLF === 0) {
      start = 1
      nextLF = chunk.indexOf(LF, 1)
    }
    this.#afterCR = false
    while (nextLF !== -1 || nextCR !== -1) {
      const end = nextCR === -1 || (nextLF !== -1 && nextLF < nextCR) ? nextLF : nextCR
      this.#add(chunk.subarray(start, end))
      yield this.#take()
      start = end + 1
      if (end === nextCR) {
        // The two of them are one end, also in two chunks.
        if (nextLF === start) start += 1
        this.#afterCR = start === chunk.length && chunk[start - 1] === CR
        nextCR = chunk.indexOf(CR, start)
      }
      if (nextLF !== -1 && nextLF < start) nextLF = chunk.indexOf(LF, start)
    }
    this.#add(chunk.subarray(start))
  }

  *end(): Generator<InputLine> {
    if (this.#length > 0) yield this.#take()
  }

  #take(): InputLine {
    const bytes = Buffer.concat(this.#pieces)
    const length = this.#length
    const first = this.#first
    this.#pieces = []
    this.#length = 0
    this.#first = false
    if (length > MAX_LINE_BYTES) {
      return {
        problem: say`The line has ${formatCount(length)} bytes, and at most ${formatCount(MAX_LINE_BYTES)} are read`,
      }
    }
    return lineOf(bytes, first)
  }
}

/** What editors on Windows put at the beginning of a file. */
const BYTE_ORDER_MARK = '\uFEFF'

function lineOf(bytes: Buffer, first: boolean): InputLine {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return { problem: say`The line is not UTF-8 text` }
  }
  if (first && text.startsWith(BYTE_ORDER_MARK)) text = text.slice(1)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const control = /[\0-\x08\x0b-\x1f\x7f]/.exec(text)
  if (control === null) return { text }
  const code = control[0].charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()
  return {
    problem: say`The line has a control character (U+00${code as SafeText}) at position ${control.index + 1}`,
  }
}
