import { setTimeout as passed } from 'node:timers/promises'
import type { Told, Victim } from './victim.ts'

/** From one dial to the next, at least. */
const PACE_MS = 60
/** A dial whose end is not told by then has failed. */
const TOLD_WITHIN_MS = 10_000

/** The operator of a program, who dials friends in turn, one dial after the other, and hangs up on each. */
export class OwnDials {
  readonly #victim: Victim
  readonly #friends: readonly string[]
  #dialed = 0

  constructor(victim: Victim, friends: readonly string[]) {
    this.#victim = victim
    this.#friends = friends
  }

  /** So many dials. @returns how long each took from its line to its answer, in ms; Infinity if it failed */
  async times(count: number): Promise<number[]> {
    const all: number[] = []
    while (all.length < count) all.push(await this.#paced())
    return all
  }

  /** Dials until something has happened; the last dial begins before. @returns as {@link times} */
  async until(happened: Promise<unknown>): Promise<number[]> {
    let over = false
    void happened.then(() => {
      over = true
    })
    const all: number[] = []
    while (!over) all.push(await this.#paced())
    return all
  }

  /** One dial. @returns how long it took, in ms; Infinity if it failed */
  async once(): Promise<number> {
    const target = this.#friends[this.#dialed++ % this.#friends.length] ?? ''
    const ends = () => this.#ends(target)
    const before = ends().length
    const began = performance.now()
    this.#victim.type(`dial ${target}`)
    const told = await this.#victim.until(
      () => ends().length > before || this.#victim.ended !== undefined,
      TOLD_WITHIN_MS,
    )
    const end = ends().at(-1)
    this.#victim.type(`hangup ${target.split('/').at(-1)}`)
    if (!told || ends().length === before || end?.type !== 'dial:succeeded') return Number.POSITIVE_INFINITY
    return end.heardAt - began
  }

  #ends(target: string): Told[] {
    return [...this.#victim.told('dial:succeeded'), ...this.#victim.told('dial:failed')]
      .filter(event => event.target === target)
      .sort((a, b) => a.heardAt - b.heardAt)
  }

  async #paced(): Promise<number> {
    const [took] = await Promise.all([this.once(), passed(PACE_MS)])
    // A program that has ended fails at once.
    return took
  }
}
