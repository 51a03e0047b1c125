import type { Failure } from '../../src/core/failure.ts'
import type { Channel, ChannelListener, FromNode, ToNode } from '../../src/node/port/wire.ts'

/** Two ends of a channel in this process; each message crosses it as JSON text, in a later turn of the event loop. */
export class JsonChannel {
  /** What crossed, oldest first. */
  readonly toNode: ToNode[] = []
  readonly fromNode: FromNode[] = []
  #lost = false
  readonly #listeners = new Set<ChannelListener>()
  #node: ChannelListener | undefined
  #user: ChannelListener | undefined

  /** For `servePort`. */
  readonly nodeEnd: Channel<FromNode> = {
    send: message => this.#carry(message, this.fromNode, () => this.#user),
    open: listener => {
      this.#node = listener
      return this.#listen(listener)
    },
  }

  /** For `connectPort`. */
  readonly userEnd: Channel<ToNode> = {
    send: message => this.#carry(message, this.toNode, () => this.#node),
    open: listener => {
      this.#user = listener
      return this.#listen(listener)
    },
  }

  /** Cuts it: what is under way is lost. */
  cut(failure: Failure): void {
    this.#lost = true
    for (const listener of [...this.#listeners]) listener.lost(failure)
  }

  #listen(listener: ChannelListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #carry<M>(message: M, log: M[], to: () => ChannelListener | undefined): void {
    const text = JSON.stringify(message)
    setImmediate(() => {
      const listener = to()
      if (this.#lost || listener === undefined || !this.#listeners.has(listener)) return
      log.push(JSON.parse(text))
      listener.message(JSON.parse(text))
    })
  }
}

/** Lets everything that is under way in this process arrive. */
export async function settled(turns = 20): Promise<void> {
  for (let n = 0; n < turns; n += 1) await new Promise(resolve => setImmediate(resolve))
}
