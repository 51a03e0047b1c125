/** What each reader of the hub, and the hub for late ones, keeps events in. */
import type { NodeEvent } from '../../core/events.ts'
import { Ring } from '../../core/ring.ts'

/** So many parts of events are kept at the most, some MB: a sample of the traffic has one for each connection. */
const MAX_WEIGHT = 32_768

/** The latest events, bounded in number and in size. Places count as in a {@link Ring}. */
export class EventRing {
  readonly #ring: Ring<NodeEvent>
  #weight = 0

  /** @throws {RangeError} if `capacity` is not a positive integer */
  constructor(capacity: number) {
    this.#ring = new Ring(capacity)
  }

  /** Place of the oldest event still held: how many are gone, taken or lost. */
  get start(): number {
    return this.#ring.start
  }

  get length(): number {
    return this.#ring.length
  }

  /** Adds an event. The oldest fall out when there are too many, or they are too large together. */
  push(event: NodeEvent): void {
    if (this.#ring.length === this.#ring.capacity) this.#drop()
    this.#ring.push(event)
    this.#weight += weightOf(event)
    while (this.#weight > MAX_WEIGHT && this.#ring.length > 1) this.#drop()
  }

  /** All events, which stay. */
  all(): NodeEvent[] {
    return this.#ring.slice(this.#ring.start)
  }

  /** All events, which are gone then. */
  take(): NodeEvent[] {
    this.#weight = 0
    return this.#ring.take()
  }

  #drop(): void {
    for (const event of this.#ring.take(1)) this.#weight -= weightOf(event)
  }
}

function weightOf(event: NodeEvent): number {
  if (event.type !== 'traffic:sampled') return 1
  return 1 + event.connections.length + event.peers.length + event.protocols.length + event.streams.length
}
