import type { NodeEvent } from '../core/events.ts'
import { firstPlace } from '../core/first-place.ts'
import { Ring } from '../core/ring.ts'

/** How many lines the log keeps. */
export const LOG_LINES = 10_000

/** A line of the log: an event, or the news that some are missing because this reader was too slow. */
export type LogEntry = { kind: 'event'; event: NodeEvent } | { kind: 'gap'; dropped: number; time: number }

/**
 * The latest {@link LOG_LINES} lines and, of those, the ones that a filter lets through. Kept up to date line by line,
 * so that a window of the log costs the same however long it is. `version` grows with every change.
 */
export class EventLog {
  readonly #entries: Ring<LogEntry>
  #matching: Ring<number>
  #matches: (entry: LogEntry) => boolean = () => true
  version = 0

  constructor(capacity = LOG_LINES) {
    this.#entries = new Ring(capacity)
    this.#matching = new Ring(capacity)
  }

  /** Place of the oldest line kept, and one past the newest; see {@link Ring}. */
  get start(): number {
    return this.#entries.start
  }
  get end(): number {
    return this.#entries.end
  }

  append(events: readonly NodeEvent[]): void {
    for (const event of events) this.#push({ kind: 'event', event })
  }

  /** Notes that `dropped` events never got here. */
  appendGap(dropped: number, time: number): void {
    this.#push({ kind: 'gap', dropped, time })
  }

  /** Changes which lines {@link matching} finds. Reads every line once. */
  setFilter(matches: (entry: LogEntry) => boolean): void {
    this.#matches = matches
    this.#matching = new Ring(this.#entries.capacity)
    for (let place = this.start; place < this.end; place += 1) {
      const entry = this.#entries.at(place)
      if (entry !== undefined && matches(entry)) this.#matching.push(place)
    }
    this.version += 1
  }

  at(place: number): LogEntry | undefined {
    return this.#entries.at(place)
  }

  /** Where the line of an event stands; undefined when there is none or it has fallen out. */
  placeOf(seq: number): number | undefined {
    const place = firstPlace(this.start, this.end, middle => this.#seqUpTo(middle) >= seq)
    const entry = this.at(place)
    return entry?.kind === 'event' && entry.event.seq === seq ? place : undefined
  }

  /** How many lines from place `from` on, up to but not including place `to`, pass the filter. */
  countMatching(from: number, to = this.end): number {
    return Math.max(0, this.#indexOf(to) - this.#indexOf(Math.max(from, this.start)))
  }

  /**
   * Places of up to `count` lines that pass the filter: those that end before place `before`, oldest first, none before
   * place `from`.
   */
  matching(before: number, count: number, from = 0): number[] {
    const end = this.#indexOf(before)
    const first = this.#indexOf(Math.max(from, this.start))
    return this.#matching.slice(Math.max(first, end - count), end)
  }

  /** The nearest line that passes the filter, `steps` matching lines away from `place` (negative: older). */
  step(place: number, steps: number, from = 0): number | undefined {
    const first = this.#indexOf(Math.max(from, this.start))
    const last = this.#matching.end - 1
    if (last < first) return undefined
    return this.#matching.at(Math.min(last, Math.max(first, this.#indexOf(place) + steps)))
  }

  #push(entry: LogEntry): void {
    this.#entries.push(entry)
    if (this.#matches(entry)) this.#matching.push(this.#entries.end - 1)
    this.version += 1
  }

  /** The number of the last event up to a place: lines that tell of lost ones have none. */
  #seqUpTo(place: number): number {
    for (let at = place; at >= this.start; at -= 1) {
      const entry = this.at(at)
      if (entry?.kind === 'event') return entry.event.seq
    }
    return 0
  }

  /** Index among the matching lines of the first one at or after a place. */
  #indexOf(place: number): number {
    return firstPlace(this.#matching.start, this.#matching.end, at => (this.#matching.at(at) ?? 0) >= place)
  }
}
