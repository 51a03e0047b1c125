/** What the node's thread wrote before it ended, for worker-failure.ts. */
import type { Readable } from 'node:stream'
import { type SafeText, safeText } from '../../core/safe-text.ts'

const LINES_KEPT = 5
/** A line that goes on and on is cut here, so that what is kept stays small. */
const LINE_LENGTH = 256

/** The last few lines that came out of some streams, clean and cut; everything else they say is read and forgotten. */
export class LastLines {
  #lines: SafeText[] = []

  /** Oldest first, without empty ones. */
  get lines(): readonly SafeText[] {
    return this.#lines
  }

  /** Reads a stream to its end. */
  read(stream: Readable): void {
    let begun = ''
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => {
      const parts = (begun + chunk).split(/\r\n|\n|\r/u)
      begun = (parts.pop() ?? '').slice(0, LINE_LENGTH)
      this.#keep(parts)
    })
    stream.on('end', () => this.#keep([begun]))
  }

  #keep(lines: readonly string[]): void {
    const kept = lines.slice(-2 * LINES_KEPT).map(line => safeText(line.trim(), LINE_LENGTH))
    this.#lines = [...this.#lines, ...kept.filter(line => line !== '')].slice(-LINES_KEPT)
  }
}
