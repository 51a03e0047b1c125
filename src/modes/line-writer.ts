import type { Writable } from 'node:stream'

/**
 * Writes lines to a stream that may be slow, and that may go away: a reader like `head` closes the pipe when it has
 * had enough. That is no error here.
 */
export class LineWriter {
  /** Settles when nobody reads any more; never rejects. */
  readonly gone: Promise<void>
  readonly #stream: Writable
  readonly #giveUp: () => void
  #open = true
  #drained: Promise<void> | undefined

  constructor(stream: Writable) {
    this.#stream = stream
    const { promise, resolve } = Promise.withResolvers<void>()
    this.gone = promise
    this.#giveUp = () => {
      this.#open = false
      resolve()
    }
    // Stays for good: a pipe can still report that it is broken after the last write.
    stream.on('error', this.#giveUp)
    stream.once('close', this.#giveUp)
  }

  get open(): boolean {
    return this.#open
  }

  /** Gives up on a reader that takes nothing: pending writes settle, later ones do nothing. */
  abandon(): void {
    this.#giveUp()
  }

  /** Writes a line, and settles when the stream takes more. Never rejects. */
  async write(line: string): Promise<void> {
    await this.writeLines(`${line}\n`)
  }

  /** Writes whole lines, each with the line break at its end. */
  async writeLines(lines: string): Promise<void> {
    if (!this.#open) return
    if (this.#stream.write(lines)) return
    // All that wait, wait for the same: a listener each would be too many.
    this.#drained ??= this.#drain()
    await this.#drained
  }

  async #drain(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#stream.once('drain', resolve)
    await Promise.race([promise, this.gone])
    this.#stream.off('drain', resolve)
    this.#drained = undefined
  }
}
