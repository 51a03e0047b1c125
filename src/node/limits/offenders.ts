import type { Clock } from '../../core/clock.ts'
import type { Payload } from '../../core/events.ts'
import type { AnyLimit, ExcessAction } from '../../core/limit-terms.ts'
import type { SafeText } from '../../core/safe-text.ts'

/** Somebody who has exceeded nothing for so long, in ms, is no offender any more. */
const OVER_AFTER_MS = 10_000
/** Rates are those of so long, in ms. */
const RATE_MS = 5_000
/** More are not kept apart: those that exceeded something longest ago go first. */
const MOST_KEPT = 256
/** More are not told. */
const MOST_TOLD = 8

/** What somebody exceeded. */
export interface Offence {
  limit: AnyLimit
  action: ExcessAction
  host?: SafeText | undefined
  peerId?: SafeText | undefined
  connectionId?: SafeText | undefined
  protocol?: SafeText | undefined
  reason: SafeText
  count?: number | undefined
}

/** One who exceeds a limit, as it is told. */
export type Offender = Payload<'limits:offenders'>['offenders'][number]

interface Record {
  offence: Offence
  count: number
  firstAt: number
  lastAt: number
  /** When, and how many: of the last RATE_MS. */
  recent: { at: number; count: number }[]
}

/** Who exceeds limits now, and how much. */
export class Offenders {
  readonly #clock: Clock
  readonly #waitMs: (host: string) => number
  /** The one whose last excess is longest ago first. */
  readonly #records = new Map<string, Record>()

  /** @param waitMs how long a host has to wait before it may come again, in ms; 0: it may come */
  constructor({ clock, waitMs }: { clock: Clock; waitMs(host: string): number }) {
    this.#clock = clock
    this.#waitMs = waitMs
  }

  /** How many are kept apart. */
  get size(): number {
    return this.#records.size
  }

  /** One more excess. */
  add(offence: Offence): void {
    const key = keyOf(offence)
    const now = this.#clock.monotonic()
    const { count = 1 } = offence
    const record = this.#records.get(key) ?? { offence, count: 0, firstAt: now, lastAt: now, recent: [] }
    record.offence = offence
    record.count += count
    record.lastAt = now
    const last = record.recent.at(-1)
    // One entry for each tenth of a second is near enough.
    if (last !== undefined && now - last.at < RATE_MS / 50) last.count += count
    else record.recent.push({ at: now, count })
    this.#records.delete(key)
    this.#records.set(key, record)
    if (this.#records.size <= MOST_KEPT) return
    const [oldest] = this.#records.keys()
    if (oldest !== undefined) this.#records.delete(oldest)
  }

  /** Those of now, whoever exceeds most first. */
  current(): Offender[] {
    const now = this.#clock.monotonic()
    for (const [key, { lastAt }] of this.#records) {
      if (now - lastAt < OVER_AFTER_MS) break
      this.#records.delete(key)
    }
    return [...this.#records.values()]
      .map(record => this.#told(record, now))
      .toSorted((a, b) => b.perSecond - a.perSecond || b.count - a.count)
      .slice(0, MOST_TOLD)
  }

  #told(record: Record, now: number): Offender {
    const { offence, count, firstAt } = record
    record.recent = record.recent.filter(({ at }) => now - at <= RATE_MS)
    const recent = record.recent.reduce((sum, entry) => sum + entry.count, 0)
    const seconds = Math.min(RATE_MS, Math.max(1_000, now - firstAt)) / 1_000
    const waitMs = offence.host === undefined ? 0 : this.#waitMs(offence.host)
    const { limit, action, host, peerId, connectionId, protocol, reason } = offence
    return {
      limit,
      action,
      ...(host !== undefined && { host }),
      ...(peerId !== undefined && { peerId }),
      ...(connectionId !== undefined && { connectionId }),
      ...(protocol !== undefined && { protocol }),
      reason,
      count,
      perSecond: Math.round(recent / seconds),
      // To the second: what is told once a second is the same as long as nothing happens.
      ...(waitMs > 0 && { comesBackAt: Math.round((this.#clock.now() + waitMs) / 1_000) * 1_000 }),
    }
  }
}

/** Which limit, and who: the host where there is one, as peers and connections are free to make. */
function keyOf({ limit, host, peerId, connectionId }: Offence): string {
  return `${limit} ${host ?? peerId ?? connectionId ?? ''}`
}
