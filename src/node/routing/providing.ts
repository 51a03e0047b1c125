import type { Cancel, Clock } from '../../core/clock.ts'
import type { NewEvent } from '../../core/events.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { explain } from '../errors/explain.ts'
import type { ProvideNotes } from '../profile/provide-notes.ts'
import { nobodyTookIt, notProvided, tooManyProvided } from './failures.ts'
import { MOST_PROVIDED } from './limits.ts'

/**
 * Provider records are said again after this many ms; others keep them for 48 hours.
 *
 * @see https://github.com/libp2p/specs/blob/master/kad-dht/README.md#content-provider-advertisement-and-discovery
 */
export const REPROVIDE_MS = 22 * 60 * 60_000
/** One that could not be said is tried again after so many ms. */
export const RETRY_MS = 10 * 60_000
/** Saying one record may take so many ms. */
const ANNOUNCE_WITHIN_MS = 60_000

/** What it works with. */
export interface ProvidingParts {
  clock: Clock
  emit: (event: NewEvent) => void
  notes: Pick<ProvideNotes, 'load' | 'put' | 'delete'>
  /** Leaves a provider record with the peers closest to a CID; how many took it. */
  announce(cid: string, signal: AbortSignal): Promise<number>
}

/** One CID. Times are ms since the epoch. */
interface Entry {
  since: number
  announcedAt?: number
  peers?: number
  cause?: SafeText
  /** Absent: as soon as there is somebody to tell. */
  nextAt?: number
}

/**
 * What the operator provides: said again before others forget it, also after a restart, until it is withdrawn. One
 * record at a time, quietly: no query is told of, but what came of each.
 */
export class Providing {
  readonly #parts: ProvidingParts
  readonly #entries = new Map<string, Entry>()
  readonly #stopping = new AbortController()
  #timer: Cancel = () => {}
  #running = false

  constructor(parts: ProvidingParts) {
    this.#parts = parts
  }

  /** Tells of what was provided in earlier runs. Said it is with {@link peersCame}. */
  async begin(): Promise<void> {
    const notes = await this.#parts.notes.load().catch((error: unknown) => {
      this.#unwritten(error)
      return new Map<string, number>()
    })
    for (const [cid, since] of [...notes].slice(0, MOST_PROVIDED)) this.#set(cid, { since })
  }

  /** There is somebody to tell: says what is due. */
  peersCame(): void {
    void this.#sayDue()
  }

  /** Refuses when there is no room for one more. @throws {RequestFailed} */
  check(cid: string): void {
    if (!this.#entries.has(cid) && this.#entries.size >= MOST_PROVIDED) throw tooManyProvided
  }

  /** Provided just now, with so many peers: it goes on from here. */
  async provided(cid: string, peers: number): Promise<void> {
    const since = this.#entries.get(cid)?.since ?? this.#parts.clock.now()
    this.#said(cid, since, peers)
    this.#plan()
    await this.#parts.notes.put(cid, since).catch((error: unknown) => this.#unwritten(error))
  }

  /** Says it no more. @throws {RequestFailed} when it is not provided */
  async withdraw(cid: string): Promise<void> {
    if (!this.#entries.delete(cid)) throw notProvided
    this.#parts.emit({ type: 'providing:stopped', cid: safeText(cid) })
    this.#plan()
    await this.#parts.notes.delete(cid).catch((error: unknown) => this.#unwritten(error))
  }

  stop(): void {
    this.#stopping.abort()
    this.#timer()
  }

  async #sayDue(): Promise<void> {
    if (this.#running) return
    this.#running = true
    const { signal } = this.#stopping
    try {
      for (let next = this.#due(); next !== undefined && !signal.aborted; next = this.#due()) {
        await this.#announce(...next)
      }
    } finally {
      this.#running = false
      this.#plan()
    }
  }

  #due(): [string, Entry] | undefined {
    const now = this.#parts.clock.now()
    return [...this.#entries].find(([, { nextAt }]) => nextAt === undefined || nextAt <= now)
  }

  async #announce(cid: string, entry: Entry): Promise<void> {
    const { clock, announce } = this.#parts
    const late = new AbortController()
    const cancel = clock.after(ANNOUNCE_WITHIN_MS, () => late.abort(new DOMException('', 'TimeoutError')))
    const peers = await announce(cid, AbortSignal.any([this.#stopping.signal, late.signal])).catch(
      (error: unknown) => explain(error, { stage: 'exchange' }).cause,
    )
    cancel()
    // It may have been withdrawn meanwhile, or provided anew.
    if (this.#stopping.signal.aborted || this.#entries.get(cid) !== entry) return
    if (typeof peers === 'number' && peers > 0) this.#said(cid, entry.since, peers)
    else {
      const cause = typeof peers === 'number' ? nobodyTookIt.failure.cause : peers
      this.#set(cid, { ...entry, cause, nextAt: clock.now() + RETRY_MS })
    }
  }

  #said(cid: string, since: number, peers: number): void {
    const now = this.#parts.clock.now()
    this.#set(cid, { since, announcedAt: now, peers, nextAt: now + REPROVIDE_MS })
  }

  #set(cid: string, entry: Entry): void {
    this.#entries.set(cid, entry)
    this.#parts.emit({ type: 'providing:updated', cid: safeText(cid), ...entry })
  }

  /** Waits for the next one that is due; those without a time wait for somebody to tell. */
  #plan(): void {
    this.#timer()
    const times = [...this.#entries.values()].flatMap(({ nextAt }) => nextAt ?? [])
    if (times.length === 0 || this.#stopping.signal.aborted) return
    const inMs = Math.max(0, Math.min(...times) - this.#parts.clock.now())
    this.#timer = this.#parts.clock.after(inMs, () => void this.#sayDue())
  }

  #unwritten(error: unknown): void {
    this.#parts.emit({
      type: 'warning:raised',
      topic: 'dht',
      cause: say`What this node provides cannot be kept: ${explain(error, { stage: 'request' }).cause}`,
      hint: say`It holds for this run only. Check the disk, then provide or withdraw it again`,
    })
  }
}
