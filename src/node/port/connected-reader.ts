/** A reader at the caller's end of the channel: the last hop of the events, after served-reader.ts. */
import type { Batch, Subscription } from '../../core/port.ts'

interface Options {
  /** Asks for the next batch. */
  pull(): void
  /** Called once, when the reader leaves. */
  closed(): void
}

/** A reader whose events come over a channel: one pull under way at the most, none if nobody waits. */
export class ConnectedReader implements Subscription {
  readonly #options: Options
  /** What came unasked: the rest, at the end. */
  readonly #ready: Batch[] = []
  #waiting: ((batch: Batch | undefined) => void)[] = []
  #pulling = false
  #finished = false

  constructor(options: Options) {
    this.#options = options
  }

  /** Called for each batch from the node; `undefined` is the end. */
  receive(batch: Batch | undefined): void {
    this.#pulling = false
    if (batch === undefined) {
      this.finish()
      return
    }
    const settle = this.#waiting.shift()
    if (settle === undefined) this.#ready.push(batch)
    else settle(batch)
    this.#pull()
  }

  /** Nothing will come any more. */
  finish(): void {
    this.#finished = true
    for (const settle of this.#waiting.splice(0)) settle(undefined)
  }

  next(): Promise<Batch | undefined> {
    const ready = this.#ready.shift()
    if (ready !== undefined || this.#finished) return Promise.resolve(ready)
    return new Promise(resolve => {
      this.#waiting.push(resolve)
      this.#pull()
    })
  }

  close(): void {
    this.#ready.length = 0
    if (!this.#finished) this.#options.closed()
    this.finish()
  }

  #pull(): void {
    if (this.#waiting.length === 0 || this.#pulling || this.#finished) return
    this.#pulling = true
    this.#options.pull()
  }
}
