import type { Cancel, Clock } from '../../core/clock.ts'

/** A peer's first turn comes this long after it was added, in ms: identify goes first. */
const FIRST_TURN_MS = 200
/**
 * Turns are at least this far apart, in ms, unless there are too many peers for that: a ping takes less than 1 ms of
 * the node, so none waits for another. Further apart, each finds the processor asleep and costs half as much again.
 */
const GAP_MS = 5

/**
 * Gives each of many peers a turn an interval, one at a time and never in a burst: not when 200 are added at once, and
 * not when the machine wakes up and all are overdue. A turn is a moment, not a lock: a peer that lets its ping hang
 * holds up nobody.
 */
export class Pace {
  readonly #clock: Clock
  readonly #intervalMs: number
  readonly #firstTurnMs: number
  readonly #turn: (key: string) => void
  /**
   * When each is due, monotonic ms: those before their first turn, and those that wait a whole interval. All of a map
   * wait equally long, so its first one is due first, however many there are.
   */
  readonly #first = new Map<string, number>()
  readonly #later = new Map<string, number>()
  #notBefore = 0
  #cancel: Cancel = () => {}

  constructor(clock: Clock, intervalMs: number, turn: (key: string) => void) {
    this.#clock = clock
    this.#intervalMs = intervalMs
    this.#firstTurnMs = Math.min(FIRST_TURN_MS, intervalMs)
    this.#turn = turn
  }

  /** Adds a peer that gets its first turn soon; one that is in already keeps its turn. */
  add(key: string): void {
    this.#add(key, this.#first, this.#firstTurnMs)
  }

  /** Adds a peer as if it had just had a turn; one that is in already keeps its turn. */
  addAfterTurn(key: string): void {
    this.#add(key, this.#later, this.#intervalMs)
  }

  delete(key: string): void {
    if (this.#first.delete(key) || this.#later.delete(key)) this.#wait()
  }

  clear(): void {
    this.#first.clear()
    this.#later.clear()
    this.#cancel()
  }

  #add(key: string, map: Map<string, number>, waitMs: number): void {
    if (this.#first.has(key) || this.#later.has(key)) return
    map.set(key, this.#clock.monotonic() + waitMs)
    this.#wait()
  }

  #wait(): void {
    this.#cancel()
    const next = this.#next()
    if (next === undefined) return
    const [key, due] = next
    const at = Math.max(due, this.#notBefore)
    this.#cancel = this.#clock.after(Math.max(0, at - this.#clock.monotonic()), () => this.#give(key))
  }

  #give(key: string): void {
    const now = this.#clock.monotonic()
    this.#first.delete(key)
    this.#later.delete(key)
    this.#later.set(key, now + this.#intervalMs)
    // Twice as many turns as needed fit in, so that everyone's comes in time.
    this.#notBefore = now + Math.min(GAP_MS, this.#intervalMs / (2 * (this.#first.size + this.#later.size)))
    this.#wait()
    this.#turn(key)
  }

  #next(): [key: string, due: number] | undefined {
    const [first] = this.#first
    const [later] = this.#later
    if (first === undefined || later === undefined) return first ?? later
    return first[1] <= later[1] ? first : later
  }
}
