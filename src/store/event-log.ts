import type { NodeEvent } from '../core/events.ts'
import { firstPlace } from '../core/first-place.ts'
import type { LostKind } from '../core/lost-events.ts'
import { isOwn } from '../core/own-events.ts'
import { Ring } from '../core/ring.ts'

/** How many of the latest lines the log keeps. */
export const LOG_LINES = 10_000
/** For so many of the latest lines it keeps one more that is the operator's own, or rare, and older than these. */
const LINES_PER_OWN = 8

/** A line of the log: an event, or the news that some are missing because this reader was too slow. */
export type LogEntry =
  | { kind: 'event'; event: NodeEvent }
  | { kind: 'gap'; dropped: number; lost: readonly LostKind[]; time: number }

/**
 * The latest lines, before these the last that are an operator's own or rare, which a flood of others does not drive
 * out (see {@link isOwn}), and of all of them the ones that a filter lets through. Kept up to date
 * line by line, so that a window of the log costs the same however long it is. `version` grows with every change.
 */
export class EventLog {
  readonly #latest: Ring<LogEntry>
  /** Own lines from before the latest, oldest first. */
  readonly #older: Ring<{ place: number; entry: LogEntry }>
  /** Places of those lines that pass the filter, in order. */
  #matchingLatest: Ring<number>
  #matchingOlder: Ring<number>
  #matches: (entry: LogEntry) => boolean = () => true
  version = 0

  constructor(capacity = LOG_LINES) {
    const own = Math.ceil(capacity / LINES_PER_OWN)
    this.#older = new Ring(own)
    this.#latest = new Ring(capacity)
    this.#matchingOlder = new Ring(own)
    this.#matchingLatest = new Ring(capacity)
  }

  /** Place of the oldest line kept, and one past the newest; see {@link Ring}. Between them may be lines that are gone. */
  get start(): number {
    return this.#older.at(this.#older.start)?.place ?? this.#latest.start
  }
  get end(): number {
    return this.#latest.end
  }

  append(events: readonly NodeEvent[]): void {
    for (const event of events) this.#push({ kind: 'event', event })
  }

  /** Notes that `dropped` events never got here, most of them of the kinds in `lost`. */
  appendGap(dropped: number, time: number, lost: readonly LostKind[] = []): void {
    this.#push({ kind: 'gap', dropped, lost, time })
  }

  /** Changes which lines {@link matching} finds. Reads every line once. */
  setFilter(matches: (entry: LogEntry) => boolean): void {
    this.#matches = matches
    this.#matchingLatest = new Ring(this.#latest.capacity)
    this.#matchingOlder = new Ring(this.#older.capacity)
    for (const { place, entry } of this.#older.slice(this.#older.start)) {
      if (matches(entry)) this.#matchingOlder.push(place)
    }
    for (let place = this.#latest.start; place < this.end; place += 1) {
      const entry = this.#latest.at(place)
      if (entry !== undefined && matches(entry)) this.#matchingLatest.push(place)
    }
    this.version += 1
  }

  at(place: number): LogEntry | undefined {
    if (place >= this.#latest.start) return this.#latest.at(place)
    const older = this.#older.at(this.#olderFrom(place))
    return older?.place === place ? older.entry : undefined
  }

  /** Where the line of an event stands; undefined when there is none or it has fallen out. */
  placeOf(seq: number): number | undefined {
    const place = firstPlace(this.#latest.start, this.end, middle => this.#seqUpTo(middle) >= seq)
    const entry = this.at(place)
    if (entry?.kind === 'event' && entry.event.seq === seq) return place
    const older = this.#older.slice(this.#older.start)
    return older.find(({ entry }) => entry.kind === 'event' && entry.event.seq === seq)?.place
  }

  /** How many lines from place `from` on, up to but not including place `to`, pass the filter. */
  countMatching(from: number, to = this.end): number {
    return Math.max(0, this.#indexOf(to) - this.#indexOf(from))
  }

  /**
   * Places of up to `count` lines that pass the filter: those that end before place `before`, oldest first, none before
   * place `from`.
   */
  matching(before: number, count: number, from = 0): number[] {
    const end = this.#indexOf(before)
    const first = Math.max(this.#indexOf(from), end - count)
    return Array.from({ length: Math.max(0, end - first) }, (_, n) => this.#matchAt(first + n))
  }

  /** The nearest line that passes the filter, `steps` matching lines away from `place` (negative: older). */
  step(place: number, steps: number, from = 0): number | undefined {
    const first = this.#indexOf(from)
    const last = this.#matchCount - 1
    if (last < first) return undefined
    return this.#matchAt(Math.min(last, Math.max(first, this.#indexOf(place) + steps)))
  }

  #push(entry: LogEntry): void {
    if (this.#latest.length === this.#latest.capacity) this.#retireOldest()
    this.#latest.push(entry)
    if (this.#matches(entry)) this.#matchingLatest.push(this.end - 1)
    this.version += 1
  }

  /** The oldest of the latest lines makes room. One of the operator's own stays, and drives out the oldest of these. */
  #retireOldest(): void {
    const place = this.#latest.start
    const entry = this.#latest.at(place)
    const matched = takeFirst(this.#matchingLatest, place)
    if (entry === undefined || (entry.kind === 'event' && !isOwn(entry.event))) return
    if (this.#older.length === this.#older.capacity) takeFirst(this.#matchingOlder, this.start)
    this.#older.push({ place, entry })
    if (matched) this.#matchingOlder.push(place)
  }

  /** The number of the last event up to a place: lines that tell of lost ones have none. */
  #seqUpTo(place: number): number {
    for (let at = place; at >= this.#latest.start; at -= 1) {
      const entry = this.#latest.at(at)
      if (entry?.kind === 'event') return entry.event.seq
    }
    return 0
  }

  /** Where in the ring of older lines the first one at or after a place is. */
  #olderFrom(place: number): number {
    const { start, end } = this.#older
    return firstPlace(start, end, at => (this.#older.at(at)?.place ?? 0) >= place)
  }

  get #matchCount(): number {
    return this.#matchingOlder.length + this.#matchingLatest.length
  }

  /** Place of a matching line, by its index among all of them. */
  #matchAt(index: number): number {
    const older = this.#matchingOlder
    const latest = this.#matchingLatest
    const place =
      index < older.length ? older.at(older.start + index) : latest.at(latest.start + index - older.length)
    return place ?? 0
  }

  /** Index among the matching lines of the first one at or after a place. */
  #indexOf(place: number): number {
    return firstPlace(0, this.#matchCount, index => this.#matchAt(index) >= place)
  }
}

/** Takes the first of some places out if it is this one. */
function takeFirst(places: Ring<number>, place: number): boolean {
  if (places.at(places.start) !== place) return false
  places.take(1)
  return true
}
