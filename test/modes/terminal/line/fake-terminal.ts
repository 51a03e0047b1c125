import { PassThrough, Writable } from 'node:stream'
import type { ReadStream, WriteStream } from 'node:tty'

/** A terminal's side to read from, as Node gives it: a stream that flows. */
export class FakeTerminalInput extends PassThrough {
  readonly isTTY = true
  /** Each switch of raw mode. */
  readonly rawModes: boolean[] = []

  setRawMode(on: boolean): this {
    this.rawModes.push(on)
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  /** Types each argument as a chunk of its own; settles when all have been taken in. */
  async type(...chunks: string[]): Promise<void> {
    for (const chunk of chunks) {
      this.write(chunk)
      await turn()
    }
  }

  asStream(): ReadStream {
    return this as unknown as ReadStream
  }
}

/** A terminal's side to write to, which can be made to hang. */
export class FakeTerminalOutput extends Writable {
  readonly isTTY = true
  columns: number | undefined = 80
  rows: number | undefined = 24
  /** All that the terminal has taken. */
  taken = ''
  #hanging = false
  #held: (() => void) | undefined

  constructor() {
    super({ decodeStrings: false })
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    const take = (): void => {
      this.taken += chunk
      done()
    }
    if (this.#hanging) this.#held = take
    else take()
  }

  hang(): void {
    this.#hanging = true
  }

  async goOn(): Promise<void> {
    this.#hanging = false
    this.#held?.()
    this.#held = undefined
    await turn()
  }

  asStream(): WriteStream {
    return this as unknown as WriteStream
  }
}

/** A turn of the event loop: streams have passed on what they had. */
export function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
