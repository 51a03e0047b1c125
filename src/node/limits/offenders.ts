import type { Clock } from '../../core/clock.ts'
import { offenderKey } from '../../core/event-text/offenders.ts'
import type { Payload } from '../../core/events.ts'
import type { AnyLimit, ExcessAction } from '../../core/limit-terms.ts'
import type { SafeText } from '../../core/safe-text.ts'

/** Somebody who has exceeded nothing for so long, in ms, is no offender any more. */
const OVER_AFTER_MS = 10_000
/** Rates are those of so long, in ms. */
const RATE_MS = 5_000
/** Whoever has done nothing for so long, in ms, has stopped, whatever the rate still is. */
const QUIET_MS = 2_000
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
  /** As it was told last. */
  comesBackAt?: number | undefined
}

interface OffendersOptions {
  clock: Clock
  /** How long a host has to wait before it may come again, in ms; 0: it may come. */
  waitMs(host: string): number
  /** Whether a peer has a connection, but for the one that was closed. */
  isConnected(peerId: SafeText, closed: SafeText | undefined): boolean
}

/** Who exceeds limits now, and how much. */
export class Offenders {
  readonly #clock: Clock
  readonly #options: OffendersOptions
  /** The one whose last excess is longest ago first. */
  readonly #records = new Map<string, Record>()

  constructor(options: OffendersOptions) {
    this.#clock = options.clock
    this.#options = options
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

  /** Those of now by who they are, those first that were closed just now, then whoever exceeds most. */
  current(): Offender[] {
    const now = this.#clock.monotonic()
    this.#forget(now)
    const groups = new Map<string, Record[]>()
    for (const record of this.#records.values()) {
      const who = offenderKey(record.offence)
      groups.set(who, [...(groups.get(who) ?? []), record])
    }
    return Array.from(groups.values(), records => this.#ranked(records, now))
      .toSorted(compareRanks)
      .flatMap(({ offenders }) => offenders)
      .slice(0, MOST_TOLD)
  }

  #ranked(records: readonly Record[], now: number): Ranked {
    const offenders = records.map(record => this.#told(record, now)).toSorted(worstFirst)
    return {
      offenders,
      closed: records.some(record => record.offence.action === 'closed' && !isOver(record, now)),
      perSecond: magnitude(offenders.reduce((sum, { perSecond }) => sum + perSecond, 0)),
      count: magnitude(offenders.reduce((sum, { count }) => sum + count, 0)),
      since: Math.min(...records.map(({ firstAt }) => firstAt)),
    }
  }

  /** Why a host was closed is known for as long as it comes back too early. */
  #forget(now: number): void {
    const retrying = new Set<string>()
    for (const record of this.#records.values()) {
      const { offence } = record
      if (offence.limit === 'coolDown' && !isOver(record, now)) retrying.add(offenderKey(offence))
    }
    for (const [key, record] of this.#records) {
      const { offence } = record
      if (offence.action === 'closed' && retrying.has(offenderKey(offence))) continue
      if (isOver(record, now)) this.#records.delete(key)
    }
  }

  #told(record: Record, now: number): Offender {
    const { offence, count, firstAt } = record
    record.recent = record.recent.filter(({ at }) => now - at <= RATE_MS)
    const recent = record.recent.reduce((sum, entry) => sum + entry.count, 0)
    const seconds = Math.min(RATE_MS, Math.max(1_000, now - firstAt)) / 1_000
    const { limit, action, host, peerId, connectionId, protocol, reason } = offence
    const comesBackAt = this.#comesBackAt(record)
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
      ...(now - record.lastAt >= QUIET_MS && { quiet: true as const }),
      ...(this.#isConnected(offence) && { connected: true as const }),
      ...(comesBackAt !== undefined && { comesBackAt }),
    }
  }

  #isConnected({ action, peerId, connectionId }: Offence): boolean {
    if (peerId === undefined) return false
    return this.#options.isConnected(peerId, action === 'closed' ? connectionId : undefined)
  }

  /** To the second, and the same as long as it is: what is told once a second does not change while nothing happens. */
  #comesBackAt(record: Record): number | undefined {
    const { host } = record.offence
    const waitMs = host === undefined ? 0 : this.#options.waitMs(host)
    const exact = this.#clock.now() + waitMs
    if (waitMs <= 0) record.comesBackAt = undefined
    else if (Math.abs(exact - (record.comesBackAt ?? 0)) > 1_000)
      record.comesBackAt = Math.round(exact / 1_000) * 1_000
    return record.comesBackAt
  }
}

function isOver({ lastAt }: Record, now: number): boolean {
  return now - lastAt >= OVER_AFTER_MS
}

/** What one does, the worst first, and how bad that is. */
interface Ranked {
  offenders: Offender[]
  /** Just now. Whoever keeps coming back was closed, too, but others may do worse in the meantime. */
  closed: boolean
  perSecond: number
  count: number
  since: number
}

/** To the next power of two, so that those who do about as much do not change places each second. */
function magnitude(count: number): number {
  return Math.round(Math.log2(count + 1))
}

function compareRanks(a: Ranked, b: Ranked): number {
  const closed = Number(b.closed) - Number(a.closed)
  return closed || b.perSecond - a.perSecond || b.count - a.count || a.since - b.since
}

function worstFirst(a: Offender, b: Offender): number {
  const closed = Number(b.action === 'closed') - Number(a.action === 'closed')
  return closed || b.perSecond - a.perSecond || b.count - a.count
}

/** Which limit, and who. */
function keyOf(offence: Offence): string {
  return `${offence.limit} ${offenderKey(offence)}`
}
