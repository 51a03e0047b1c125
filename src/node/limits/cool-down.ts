import type { Clock } from '../../core/clock.ts'

/** A host whose connection was closed for an excess waits so long, in ms; each time after that twice as long. */
const FIRST_WAIT_MS = 30_000
const LONGEST_WAIT_MS = 10 * 60_000
/** A host that has kept to the limits for so long after its wait, in ms, starts anew. */
const FORGOTTEN_AFTER_MS = 30 * 60_000
/** More hosts than this are not remembered: the one whose excess is longest ago goes first. */
const MOST_HOSTS = 1_024

interface Waiting {
  waitMs: number
  /** On the monotonic clock. */
  until: number
}

/**
 * Hosts that have to wait before they may come again, because a connection of theirs was closed for exceeding a limit.
 * It is about those who come: we may dial them all the while.
 */
export class CoolDown {
  readonly #clock: Clock
  /** The one whose excess is longest ago first. */
  readonly #hosts = new Map<string, Waiting>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A connection of this host was closed for an excess. What several of them did at once counts once. */
  exceeded(host: string): void {
    const now = this.#clock.monotonic()
    const known = this.#hosts.get(host)
    if (known !== undefined && now < known.until) return
    const forgotten = known === undefined || now >= known.until + FORGOTTEN_AFTER_MS
    const waitMs = forgotten ? FIRST_WAIT_MS : Math.min(known.waitMs * 2, LONGEST_WAIT_MS)
    this.#hosts.delete(host)
    this.#hosts.set(host, { waitMs, until: now + waitMs })
    if (this.#hosts.size <= MOST_HOSTS) return
    const [oldest] = this.#hosts.keys()
    if (oldest !== undefined) this.#hosts.delete(oldest)
  }

  /** How long a host still has to wait, in ms; 0: it may come. */
  remainingMs(host: string): number {
    const { until = 0 } = this.#hosts.get(host) ?? {}
    return Math.max(0, until - this.#clock.monotonic())
  }
}
