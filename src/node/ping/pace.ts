import type { Cancel, Clock } from '../../core/clock.ts'

/** A peer's first turn comes this long after it was added, in ms: identify goes first. */
const FIRST_TURN_MS = 200
/** Turns are at least this far apart, in ms, unless there are too many peers for that. */
const GAP_MS = 20

/**
 * Gives each of many peers a turn an interval, one at a time and never in a burst: not when 200 are added at once, and
 * not when the machine wakes up and all are overdue. A turn is a moment, not a lock: a peer that lets its ping hang
 * holds up nobody.
 */
export class Pace {
  readonly #clock: Clock
  readonly #intervalMs: number
  readonly #turn: (key: string) => void
  /** When each is due, monotonic ms. */
  readonly #due = new Map<string, number>()
  #notBefore = 0
  #cancel: Cancel = () => {}

  constructor(clock: Clock, intervalMs: number, turn: (key: string) => void) {
    this.#clock = clock
    this.#intervalMs = intervalMs
    this.#turn = turn
  }

  /** Adds a peer; one that is in already keeps its turn. */
  add(key: string, firstTurnMs: number = FIRST_TURN_MS): void {
    if (this.#due.has(key)) return
    this.#due.set(key, this.#clock.monotonic() + Math.min(firstTurnMs, this.#intervalMs))
    this.#wait()
  }

  delete(key: string): void {
    if (this.#due.delete(key)) this.#wait()
  }

  clear(): void {
    this.#due.clear()
    this.#cancel()
  }

  #wait(): void {
    this.#cancel()
    const next = this.#next()
    if (next === undefined) return
    const at = Math.max(next.due, this.#notBefore)
    this.#cancel = this.#clock.after(Math.max(0, at - this.#clock.monotonic()), () => this.#give(next.key))
  }

  #give(key: string): void {
    const now = this.#clock.monotonic()
    this.#due.set(key, now + this.#intervalMs)
    // Twice as many turns as needed fit in, so that everyone's comes in time.
    this.#notBefore = now + Math.min(GAP_MS, this.#intervalMs / (2 * this.#due.size))
    this.#wait()
    this.#turn(key)
  }

  #next(): { key: string; due: number } | undefined {
    let first: { key: string; due: number } | undefined
    for (const [key, due] of this.#due) {
      if (first === undefined || due < first.due) first = { key, due }
    }
    return first
  }
}
