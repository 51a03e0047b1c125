import type { Cancel, Clock } from '../../core/clock.ts'
import type { NewEvent } from '../../core/events.ts'
import { safeText } from '../../core/safe-text.ts'
import { type FloodRule, floodRule, type Pace } from './flood-rules.ts'

/** How long something that has just begun is kept back when there are too many: what is over by then is counted only. */
const HELD_MS = 1_000
/** How often it is looked whether something has waited long enough, while there is something. */
const LOOK_MS = 250
/** What is counted is told after so long, in ms. That doubles while the flood goes on. */
const COUNTED_MS = 1_000
const LONGEST_COUNTED_MS = 60_000
/** So many kinds and peers are told apart; whoever has been quiet longest is forgotten first. */
const MOST_SOURCES = 4_096
/** What happens on a connection that is kept back waits with it, unless it is more than this. */
const MOST_HELD_EVENTS = 32

/** What happens on a connection, and makes no sense without it. */
const WITH_CONNECTION: ReadonlySet<NewEvent['type']> = new Set([
  'stream:opened',
  'stream:closed',
  'ping:answered',
  'peer:identified',
  'peer:unidentified',
  'connection:upgraded',
  'connection:pruned',
])

/** What one peer causes of one kind. */
interface Source {
  rule: FloodRule
  /** How many may pass now, and as of when (monotonic ms). */
  left: number
  asOf: number
  /** Not told: how many, and the last of them, which has the sums of all. */
  count: number
  last: NewEvent | undefined
  /** When that is told (monotonic ms), and how long it has waited then. */
  dueAt: number
  waitMs: number
}

/** Something that began and is kept back: its beginning, and what has happened with it. */
interface Held {
  source: Source
  since: number
  events: NewEvent[]
}

/** What floods are kept back with. */
export interface FloodsOptions {
  clock: Clock
  /** Is told what passes, and what stands for that which does not. */
  tell(event: NewEvent): void
}

/**
 * Stands between whatever emits events and all who hear them, and makes few of many: what one peer causes of one kind
 * passes as it is while it keeps to a pace; beyond that one event with a count stands for many. What others cannot
 * cause at will passes at once.
 *
 * The state that follows from the events stays right: what stays open is told, a little later; the end of what was
 * told is told; only what came and went in between is no more than counted.
 */
export class Floods {
  readonly #clock: Clock
  readonly #pass: (event: NewEvent) => void
  readonly #sources = new Map<string, Source>()
  /** Those with something counted. */
  readonly #counting = new Set<Source>()
  /** What is kept back, by kind and id. */
  readonly #held = new Map<string, Held>()
  /** What was told to have opened and not to have closed, likewise. */
  readonly #open = new Set<string>()
  #timer: Cancel | undefined
  #stopped = false

  constructor({ clock, tell }: FloodsOptions) {
    this.#clock = clock
    this.#pass = tell
  }

  /** Something happened. */
  emit = (event: NewEvent): void => {
    const rule = this.#stopped ? undefined : floodRule(event)
    if (!this.#waitsWithOther(event)) this.#take(event, rule)
  }

  /** Tells all that is kept back or counted. Whatever comes later passes. */
  stop(): void {
    this.#stopped = true
    this.#timer?.()
    for (const key of [...this.#held.keys()]) this.#release(key)
    for (const source of this.#counting) this.#tellCount(source)
    this.#counting.clear()
  }

  #take(event: NewEvent, rule: FloodRule | undefined): void {
    if (rule === undefined) {
      this.#tell(event)
    } else if (rule.role === 'closes') {
      if (!this.#endsUntold(event, rule)) this.#tell(event)
    } else {
      const source = this.#sourceOf(rule)
      if (this.#pays(source)) this.#tell(event)
      else if (rule.role === 'opens') this.#hold(event, source, rule)
      else this.#count(source, event)
    }
  }

  /** What happens on something that is kept back waits with it; what was asked for, and too much, brings that forward. */
  #waitsWithOther(event: NewEvent): boolean {
    if (this.#held.size === 0) return false
    if (event.type === 'circuit:measured') return this.#held.has(heldKey(event.type, event.circuitId))
    if (!('connectionId' in event) || event.connectionId === undefined) return false
    const key = heldKey('connection', event.connectionId)
    const held = this.#held.get(key)
    if (held === undefined) return false
    if (event.requestId === undefined) {
      if (!WITH_CONNECTION.has(event.type)) return false
      if (held.events.length < MOST_HELD_EVENTS) {
        held.events.push(event)
        return true
      }
    }
    this.#release(key)
    return false
  }

  #hold(event: NewEvent, source: Source, { id = '' }: FloodRule): void {
    this.#held.set(heldKey(event.type, id), { source, since: this.#clock.monotonic(), events: [event] })
    this.#wake()
  }

  /** Of something that was never told the end is counted, and what happened with it too. */
  #endsUntold(event: NewEvent, rule: FloodRule): boolean {
    const key = heldKey(event.type, rule.id ?? '')
    const held = this.#held.get(key)
    if (held === undefined) {
      if (event.type === 'connection:closed' || this.#open.has(key)) return false
      // A stream of a connection that was over before both were told.
      this.#count(this.#sourceOf(rule), event)
      return true
    }
    this.#held.delete(key)
    this.#count(held.source, event)
    for (const inner of held.events) {
      const counts = floodRule(inner)
      // What the peer said of itself has no connection any more to be told with.
      if (counts?.role === 'each' || counts?.role === 'closes') this.#count(this.#sourceOf(counts), inner)
    }
    return true
  }

  /** Tells what was kept back, in the order in which it happened. */
  #release(key: string): void {
    const held = this.#held.get(key)
    this.#held.delete(key)
    const [opened, ...others] = held?.events ?? []
    if (opened === undefined) return
    this.#tell(opened)
    for (const event of others) this.#take(event, this.#stopped ? undefined : floodRule(event))
  }

  #count(source: Source, event: NewEvent): void {
    if (source.count === 0) {
      const now = this.#clock.monotonic()
      // A flood that has gone on without a pause is told ever more seldom.
      const goesOn = now - source.dueAt < source.waitMs && source.rule.role !== 'latest'
      source.waitMs = goesOn ? Math.min(source.waitMs * 2, LONGEST_COUNTED_MS) : COUNTED_MS
      source.dueAt = now + source.waitMs
      this.#counting.add(source)
    }
    source.count += 1
    source.last = summed(event, source.last)
    this.#wake()
  }

  #tell(event: NewEvent): void {
    if (event.type === 'stream:opened') this.#open.add(heldKey(event.type, event.streamId))
    else if (event.type === 'stream:closed') this.#open.delete(heldKey(event.type, event.streamId))
    else if (event.type === 'circuit:opened') this.#open.add(heldKey(event.type, event.circuitId))
    else if (event.type === 'circuit:closed') this.#open.delete(heldKey(event.type, event.circuitId))
    this.#pass(event)
  }

  #tellCount(source: Source): void {
    const { count, last, rule } = source
    // While a flood goes on nothing of it passes by the way.
    source.left = 0
    source.asOf = this.#clock.monotonic()
    source.count = 0
    source.last = undefined
    if (last === undefined) return
    const host =
      rule.host === undefined || last.type !== 'connection:closed' ? {} : { host: safeText(rule.host) }
    // One that stands for itself alone needs no count.
    this.#tell((count === 1 ? last : { ...last, ...host, count }) as NewEvent)
  }

  /** Looks now and then, while there is something, at what has waited long enough. */
  #wake(): void {
    if (this.#stopped) return
    this.#timer ??= this.#clock.after(LOOK_MS, () => {
      this.#timer = undefined
      const now = this.#clock.monotonic()
      for (const [key, { since }] of [...this.#held]) if (now - since >= HELD_MS) this.#release(key)
      for (const source of [...this.#counting]) {
        if (now < source.dueAt) continue
        this.#counting.delete(source)
        this.#tellCount(source)
      }
      if (this.#held.size > 0 || this.#counting.size > 0) this.#wake()
    })
  }

  #pays(source: Source): boolean {
    const { pace } = source.rule
    source.left = leftOf(source, pace, this.#clock.monotonic())
    source.asOf = this.#clock.monotonic()
    // Nothing may overtake what is counted.
    if (source.left < 1 || source.count > 0) return false
    source.left -= 1
    return true
  }

  #sourceOf(rule: FloodRule): Source {
    const now = this.#clock.monotonic()
    const source = this.#sources.get(rule.key) ?? {
      rule,
      left: rule.pace.burst,
      asOf: now,
      count: 0,
      last: undefined,
      dueAt: Number.NEGATIVE_INFINITY,
      waitMs: COUNTED_MS,
    }
    // To the end of the map: whoever is heard longest ago is at its beginning.
    this.#sources.delete(rule.key)
    this.#sources.set(rule.key, source)
    if (this.#sources.size > MOST_SOURCES) this.#forgetQuietest()
    return source
  }

  #forgetQuietest(): void {
    const [key, source] = this.#sources.entries().next().value ?? []
    if (key === undefined || source === undefined) return
    this.#sources.delete(key)
    this.#counting.delete(source)
    this.#tellCount(source)
  }
}

function leftOf({ left, asOf }: Source, { burst, aSecond }: Pace, now: number): number {
  return Math.min(burst, left + ((now - asOf) / 1000) * aSecond)
}

/** Ids are unique within what opens and closes: connections, streams, circuits. */
function heldKey(type: string, id: string): string {
  return `${type.split(':')[0]} ${id}`
}

/** An event with the bytes of those before it added to its own. */
function summed(event: NewEvent, before: NewEvent | undefined): NewEvent {
  if (before?.type !== event.type) return event
  if (event.type === 'circuit:closed') {
    const { bytesTo, bytesBack } = before as NewEvent<'circuit:closed'>
    return { ...event, bytesTo: event.bytesTo + bytesTo, bytesBack: event.bytesBack + bytesBack }
  }
  if (event.type !== 'stream:closed' && event.type !== 'connection:closed') return event
  const { bytesIn, bytesOut } = before as NewEvent<'stream:closed' | 'connection:closed'>
  return { ...event, bytesIn: event.bytesIn + bytesIn, bytesOut: event.bytesOut + bytesOut }
}
