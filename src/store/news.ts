import { QUIET_EVENTS } from '../core/event-text.ts'
import type { NodeEvent } from '../core/events.ts'
import type { SwarmState } from './swarm/state.ts'

/** Pings of others that follow each other within so many ms are one series, which is news once. */
const SERIES_MS = 5 * 60_000
/** Of so many peers it is remembered when they pinged last. */
const MOST_KEPT = 1_000

/**
 * Tells what is worth a line of the log. What goes on as it went is not: the round trips that are measured by the way
 * (the row of the peer shows them) and the pings of others after the first of them, unless they are a flood. One that somebody asked for is.
 */
export class News {
  readonly #answered = new Map<string, number>()

  /** @param peers the peers after the event */
  isNews(event: NodeEvent, { peers }: Pick<SwarmState, 'peers'>): boolean {
    if (QUIET_EVENTS.has(event.type)) return false
    if (event.type === 'ping:answered') {
      const flood = (event.count ?? 1) > 1
      return this.#isFirst(event.peerId, event.time) || flood
    }
    if (event.type !== 'ping:succeeded' || event.requestId !== undefined) return true
    return event.cold || peers.get(event.peerId)?.pingIntervalMs !== undefined
  }

  #isFirst(peerId: string, time: number): boolean {
    const before = this.#answered.get(peerId)
    // To the end of the map: the one that pinged longest ago is forgotten first.
    this.#answered.delete(peerId)
    this.#answered.set(peerId, time)
    if (this.#answered.size > MOST_KEPT) this.#answered.delete(this.#answered.keys().next().value as string)
    return before === undefined || time - before > SERIES_MS
  }
}
