/** What each reader of the hub, and the hub for late ones, keeps events in. */
import { peerOf } from '../../core/event-names.ts'
import type { NodeEvent } from '../../core/events.ts'
import { type LostKind, mostLost } from '../../core/lost-events.ts'
import { isOwn } from '../../core/own-events.ts'
import { Ring } from '../../core/ring.ts'
import { type SafeText, safeText } from '../../core/safe-text.ts'

/** So many parts of events are kept at the most, some MB: a sample of the traffic has one for each connection. */
const MAX_WEIGHT = 32_768
/** What the operator did and what is rare has one place for each so many others; in a small ring as many as those. */
const OTHERS_PER_OWN = 8
const SMALL = 64
/** A peer that made one lost event in so many is named. */
const NAMED_SHARE = 8
/** Types and peers of lost events that are told apart. */
const MOST_KINDS = 64

/** The events of a ring when they are taken, and what was lost since the last time. */
export interface Taken {
  events: NodeEvent[]
  dropped: number
  /** Of which kinds most were lost. */
  lost: LostKind[]
}

/**
 * The latest events, bounded in number and in size. What is an operator's own or rare (see {@link isOwn}) has places of
 * its own beside the `capacity` of the others: a flood drives out itself. It borrows what the others leave free, until
 * they need it. What falls out is counted.
 */
export class EventRing {
  readonly #capacity: number
  readonly #ownCapacity: number
  readonly #common: Lane
  readonly #own: Lane
  #lost = new LostEvents()

  /** @throws {RangeError} if `capacity` is not a positive integer */
  constructor(capacity: number) {
    const drop = (event: NodeEvent): void => this.#lost.add(event)
    this.#capacity = capacity
    this.#ownCapacity = Math.max(Math.ceil(capacity / OTHERS_PER_OWN), Math.min(capacity, SMALL))
    this.#common = new Lane(capacity, drop)
    this.#own = new Lane(capacity + this.#ownCapacity, drop)
  }

  get length(): number {
    return this.#common.length + this.#own.length
  }

  /** How many fell out since the last {@link take}. */
  get dropped(): number {
    return this.#lost.count
  }

  /** Forgets what has fallen out so far. */
  forgive(): void {
    this.#lost = new LostEvents()
  }

  /** Adds an event. The oldest of its lane fall out when there are too many, or they are too large together. */
  push(event: NodeEvent): void {
    if (isOwn(event)) this.#own.push(event)
    else this.#common.push(event)
    const free = this.#capacity - this.#common.length
    if (this.#own.length > this.#ownCapacity + free) this.#own.dropOldest()
  }

  /** All events in order, which stay. */
  all(): NodeEvent[] {
    return merged(this.#common.all(), this.#own.all())
  }

  /** All events in order, which are gone then. */
  take(): Taken {
    const lost = this.#lost
    if (lost.count > 0) this.#lost = new LostEvents()
    const events = merged(this.#common.take(), this.#own.take())
    return { events, dropped: lost.count, lost: lost.most() }
  }
}

/** Events of one rank. */
class Lane {
  readonly #ring: Ring<NodeEvent>
  readonly #drop: (event: NodeEvent) => void
  #weight = 0

  constructor(capacity: number, drop: (event: NodeEvent) => void) {
    this.#ring = new Ring(capacity)
    this.#drop = drop
  }

  get length(): number {
    return this.#ring.length
  }

  push(event: NodeEvent): void {
    if (this.#ring.length === this.#ring.capacity) this.dropOldest()
    this.#ring.push(event)
    this.#weight += weightOf(event)
    while (this.#weight > MAX_WEIGHT && this.#ring.length > 1) this.dropOldest()
  }

  all(): NodeEvent[] {
    return this.#ring.slice(this.#ring.start)
  }

  take(): NodeEvent[] {
    this.#weight = 0
    return this.#ring.take()
  }

  dropOldest(): void {
    for (const event of this.#ring.take(1)) {
      this.#weight -= weightOf(event)
      this.#drop(event)
    }
  }
}

/** Counts what is lost, by type and peer. */
class LostEvents {
  count = 0
  readonly #kinds = new Map<string, { type: SafeText; peerId: SafeText | undefined; count: number }>()

  add(event: NodeEvent): void {
    this.count += 1
    const peerId = peerOf(event)
    const key = `${event.type} ${peerId ?? ''}`
    const kind = this.#kinds.get(key)
    if (kind !== undefined) kind.count += 1
    else if (this.#kinds.size < MOST_KINDS)
      this.#kinds.set(key, { type: safeText(event.type), peerId, count: 1 })
    else this.#addToType(event)
  }

  /** A peer is named that was the cause of much of it; all others are told of by type. */
  most(): LostKind[] {
    if (this.count === 0) return []
    const named: LostKind[] = []
    const others = new Map<SafeText, number>()
    for (const { type, peerId, count } of this.#kinds.values()) {
      if (peerId !== undefined && count * NAMED_SHARE >= this.count) named.push({ type, peerId, count })
      else others.set(type, (others.get(type) ?? 0) + count)
    }
    return mostLost([...named, ...[...others].map(([type, count]) => ({ type, count }))])
  }

  /** Of more peers than are told apart only the type is counted. */
  #addToType({ type }: NodeEvent): void {
    const kind = this.#kinds.get(`${type} `)
    if (kind !== undefined) kind.count += 1
    else this.#kinds.set(`${type} `, { type: safeText(type), peerId: undefined, count: 1 })
  }
}

/** Two lists in order as one. */
function merged(a: NodeEvent[], b: NodeEvent[]): NodeEvent[] {
  if (a.length === 0) return b
  if (b.length === 0) return a
  const events: NodeEvent[] = []
  let next = 0
  for (const event of a) {
    for (let other = b[next]; other !== undefined && other.seq < event.seq; other = b[next]) {
      events.push(other)
      next += 1
    }
    events.push(event)
  }
  return next === b.length ? events : events.concat(b.slice(next))
}

function weightOf(event: NodeEvent): number {
  if (event.type !== 'traffic:sampled') return 1
  return 1 + event.connections.length + event.peers.length + event.protocols.length + event.streams.length
}
