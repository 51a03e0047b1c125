/** A reader at the node's end of the channel: from the hub's subscription to connected-reader.ts. */
import type { Batch, Subscription } from '../../core/port.ts'

/** The node's side of one reader: a batch for each pull, one pull at a time. */
export class ServedReader {
  readonly #subscription: Subscription
  readonly #send: (batch: Batch | undefined) => void
  #pulling: Promise<void> | undefined
  #over = false

  constructor(subscription: Subscription, send: (batch: Batch | undefined) => void) {
    this.#subscription = subscription
    this.#send = send
  }

  /** Sends the next batch when there is one. While one is on its way, asking again does nothing. */
  pull(): Promise<void> {
    this.#pulling ??= this.#pull().finally(() => {
      this.#pulling = undefined
    })
    return this.#pulling
  }

  /** The node is gone: sends all that is left, and the end. */
  async flush(): Promise<void> {
    await this.#pulling
    while (!this.#over) await this.pull()
  }

  close(): void {
    this.#over = true
    this.#subscription.close()
  }

  async #pull(): Promise<void> {
    if (this.#over) return
    const batch = await this.#subscription.next()
    if (this.#over) return
    this.#over = batch === undefined
    this.#send(batch)
  }
}
