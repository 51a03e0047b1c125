/** The first hop of the events: from the node to the ring of each reader (hub-subscription.ts). */
import type { Clock } from '../../core/clock.ts'
import { EVENT_VERSION, type NewEvent, type NodeEvent } from '../../core/events.ts'
import type { SubscribeOptions, Subscription } from '../../core/port.ts'
import type { SwarmSnapshot } from '../../core/swarm.ts'
import { reduceSwarm } from '../../store/swarm/reduce.ts'
import { toSnapshot } from '../../store/swarm/snapshot.ts'
import { EMPTY_SWARM, type SwarmState } from '../../store/swarm/state.ts'
import { EventRing } from './event-ring.ts'
import { HubSubscription } from './hub-subscription.ts'
import { isRoutine } from './routine.ts'

/** Events kept for readers that come late and want to see how things came to be. */
const RECENT_EVENTS = 1024

/** What a reader in the node's own thread may want beside what all may. */
export interface HubReaderOptions extends SubscribeOptions {
  /** True: its batches have no snapshots. */
  stateless?: boolean
}

/**
 * Where every event of a node gets its number and its time, and from where each reader pulls.
 *
 * The hub folds the events with the reducers that the screen uses, so a snapshot for a reader that lost some is the
 * very state that this reader would have reached.
 */
export class EventHub {
  readonly #clock: Clock
  readonly #readers = new Set<HubSubscription>()
  readonly #recent = new EventRing(RECENT_EVENTS)
  #state: SwarmState = EMPTY_SWARM
  #closed = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The swarm as of the last event. */
  get state(): SwarmState {
    return this.#state
  }

  /** Numbers and times an event and hands it to every reader. Never throws, never waits; nothing after the end. */
  emit = (event: NewEvent): void => {
    if (this.#closed) return
    const numbered = {
      v: EVENT_VERSION,
      seq: this.#state.seq + 1,
      time: this.#clock.now(),
      ...event,
    } as NodeEvent
    this.#state = reduceSwarm(this.#state, numbered)
    this.#recent.push(numbered)
    if (this.#readers.size === 0) return
    const routine = isRoutine(numbered, this.#state)
    for (const reader of this.#readers) reader.offer(numbered, routine)
  }

  /**
   * A reader of what happens from now on; after the end, one that finds just the end.
   *
   * @throws {RangeError} if `capacity` is not a positive integer
   */
  subscribe(options: HubReaderOptions = {}): Subscription {
    const reader = new HubSubscription({
      clock: this.#clock,
      capacity: options.capacity,
      routineWaitMs: options.routineWaitMs ?? 0,
      recent: options.recent === true ? this.#recent.all() : [],
      ...(options.stateless !== true && { snapshot: (): SwarmSnapshot => toSnapshot(this.#state) }),
      peerCount: () => this.#state.peers.size,
      closed: () => this.#readers.delete(reader),
    })
    if (this.#closed) reader.close()
    else this.#readers.add(reader)
    return reader
  }

  /** The node is gone: readers get what they have not read yet, then the end. */
  close(): void {
    this.#closed = true
    for (const reader of this.#readers) reader.finish()
    this.#readers.clear()
  }
}
