/** A reader at the hub: the second hop of the events, from which a local reader or served-reader.ts pulls. */
import type { NodeEvent } from '../../core/events.ts'
import type { Batch, Subscription } from '../../core/port.ts'
import type { SwarmSnapshot } from '../../core/swarm.ts'
import { EventRing } from './event-ring.ts'

/** Events that wait for a reader by default: some 0.4 s of the busiest swarm, a few MB at the most. */
const DEFAULT_CAPACITY = 4096

interface Options {
  capacity: number | undefined
  /** Events that the reader gets first. */
  recent: readonly NodeEvent[]
  /** The state as of the last event offered. */
  snapshot(): SwarmSnapshot
  /** Called when the reader leaves. */
  closed(): void
}

/** One reader's ring of events that it has not pulled yet. */
export class HubSubscription implements Subscription {
  readonly #options: Options
  readonly #ring: EventRing
  /** One past the place of the last event that the reader was given. */
  #taken = 0
  #needsSnapshot = true
  #finished = false
  #waiting: ((batch: Batch | undefined) => void)[] = []

  constructor(options: Options) {
    this.#options = options
    const { capacity = DEFAULT_CAPACITY, recent } = options
    this.#ring = new EventRing(capacity)
    for (const event of recent.slice(-capacity)) this.#ring.push(event)
    this.#taken = this.#ring.start
  }

  /** Called by the hub for each event, in order. */
  offer(event: NodeEvent): void {
    this.#ring.push(event)
    if (this.#waiting.length > 0) this.#waiting.shift()?.(this.#takeBatch())
  }

  /** Called by the hub: no event will follow. */
  finish(): void {
    this.#finished = true
    for (const settle of this.#waiting.splice(0)) settle(this.#takeBatch())
  }

  next(): Promise<Batch | undefined> {
    if (this.#ring.length > 0 || this.#needsSnapshot || this.#finished)
      return Promise.resolve(this.#takeBatch())
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  close(): void {
    this.#ring.take()
    this.#needsSnapshot = false
    this.#options.closed()
    this.finish()
  }

  #takeBatch(): Batch | undefined {
    if (this.#finished && this.#ring.length === 0 && !this.#needsSnapshot) return undefined
    const dropped = this.#ring.start - this.#taken
    const events = this.#ring.take()
    this.#taken = this.#ring.start
    const batch: Batch = { dropped, events }
    if (dropped > 0 || this.#needsSnapshot) batch.snapshot = this.#options.snapshot()
    this.#needsSnapshot = false
    return batch
  }
}
