/** A reader at the hub: the second hop of the events, from which a local reader or served-reader.ts pulls. */
import type { Cancel, Clock } from '../../core/clock.ts'
import type { NodeEvent } from '../../core/events.ts'
import type { Batch, Subscription } from '../../core/port.ts'
import type { SwarmSnapshot } from '../../core/swarm.ts'
import { EventRing } from './event-ring.ts'

/** Events that wait for a reader by default: some 0.4 s of the busiest swarm, a few MB at the most. */
const DEFAULT_CAPACITY = 4096
/** More routine events than this do not wait for others: it is not quiet. */
const MAX_ROUTINE = 32
/** Swarms up to this size are told anew after every loss. */
const SMALL_SWARM = 1000
/**
 * How many peers a reader is told of anew in a ms, on average. To send one to another thread costs the node some 4 µs:
 * a reader that always loses events takes no more than a tenth of the node's time.
 */
const PEERS_A_MS = 20

interface Options {
  clock: Clock
  capacity: number | undefined
  /** How long routine events may wait for others, in ms. */
  routineWaitMs: number
  /** Events that the reader gets first. */
  recent: readonly NodeEvent[]
  /** The state as of the last event offered. Absent: the reader folds no state, and wants none. */
  snapshot?(): SwarmSnapshot
  /** How many peers are in that state. */
  peerCount(): number
  /** Called when the reader leaves. */
  closed(): void
}

/** One reader's ring of events that it has not pulled yet. */
export class HubSubscription implements Subscription {
  readonly #options: Options
  readonly #ring: EventRing
  #needsSnapshot: boolean
  /** Monotonic ms. */
  #snapshotAt = 0
  /** Since when the oldest event waits (monotonic ms), if all that wait are routine and few. */
  #routineSince: number | undefined
  #finished = false
  #waiting: ((batch: Batch | undefined) => void)[] = []
  #wake: Cancel | undefined

  constructor(options: Options) {
    this.#options = options
    const { capacity = DEFAULT_CAPACITY, recent } = options
    this.#needsSnapshot = options.snapshot !== undefined
    this.#ring = new EventRing(capacity)
    for (const event of recent) this.#ring.push(event)
    // It was before this reader came: what there is no room for is not lost.
    this.#ring.forgive()
  }

  /** Called by the hub for each event, in order. */
  offer(event: NodeEvent, routine: boolean): void {
    const first = this.#ring.length === 0
    this.#ring.push(event)
    if (!routine || this.#ring.length > MAX_ROUTINE) this.#routineSince = undefined
    else if (first) this.#routineSince = this.#options.clock.monotonic()
    this.#serve()
  }

  /** Called by the hub: no event will follow. */
  finish(): void {
    this.#finished = true
    this.#serve()
  }

  next(): Promise<Batch | undefined> {
    return new Promise(resolve => {
      this.#waiting.push(resolve)
      this.#serve()
    })
  }

  close(): void {
    this.#ring.take()
    this.#needsSnapshot = false
    this.#options.closed()
    this.finish()
  }

  /** Gives those who wait what there is, as far as it may be given now. */
  #serve(): void {
    while (this.#waiting.length > 0) {
      const delayMs = this.#delayMs()
      if (delayMs === undefined) return
      if (delayMs > 0) {
        this.#wake ??= this.#options.clock.after(delayMs, () => {
          this.#wake = undefined
          this.#serve()
        })
        return
      }
      this.#waiting.shift()?.(this.#takeBatch())
    }
  }

  /** How long the next batch has to wait; undefined: until something happens. */
  #delayMs(): number | undefined {
    if (this.#finished || this.#needsSnapshot) return 0
    if (this.#ring.length === 0) return undefined
    const now = this.#options.clock.monotonic()
    const { routineWaitMs, peerCount, snapshot } = this.#options
    if (this.#ring.dropped > 0 && snapshot !== undefined) {
      const peers = peerCount()
      return peers <= SMALL_SWARM ? 0 : this.#snapshotAt + peers / PEERS_A_MS - now
    }
    return this.#routineSince === undefined ? 0 : this.#routineSince + routineWaitMs - now
  }

  #takeBatch(): Batch | undefined {
    this.#wake?.()
    this.#wake = undefined
    if (this.#finished && this.#ring.length === 0 && !this.#needsSnapshot) return undefined
    const { events, dropped, lost } = this.#ring.take()
    this.#routineSince = undefined
    const batch: Batch = { dropped, ...(dropped > 0 && { lost }), events }
    if (this.#options.snapshot !== undefined && (dropped > 0 || this.#needsSnapshot)) {
      batch.snapshot = this.#options.snapshot()
      this.#snapshotAt = this.#options.clock.monotonic()
    }
    this.#needsSnapshot = false
    return batch
  }
}
