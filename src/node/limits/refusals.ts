import type { Cancel, Clock } from '../../core/clock.ts'
import type { NewEvent } from '../../core/events.ts'

/** After one that was told, the next of its kind are counted for so long, in ms. It doubles while they go on. */
const COUNTED_MS = 1_000
const LONGEST_COUNTED_MS = 60_000
/** Kinds that are told apart at once; reasons may have words of others in them. */
const MOST_KINDS = 64

/** What there are too many kinds of to tell them apart. */
const TOGETHER = ''

type Refused = NewEvent<'connection:refused' | 'stream:refused' | 'limit:exceeded'>

/** Those of one kind that came after the last one told. */
interface Counted {
  count: number
  last: Refused
  waitMs: number
  cancel: Cancel
}

/**
 * Tells of refusals: the first of a kind at once, those that follow as one event that says how many they were. A flood
 * of them is a few events a minute, and none is lost count of.
 */
export class Refusals {
  readonly #clock: Clock
  readonly #emit: (event: Refused) => void
  readonly #kinds = new Map<string, Counted>()

  constructor({ clock, emit }: { clock: Clock; emit(event: Refused): void }) {
    this.#clock = clock
    this.#emit = emit
  }

  /**
   * One more was refused. What has the same limit, or without a limit the same reason, is of one kind; of
   * `limit:exceeded` what one offender does to one limit. An event with a count stands for that many.
   */
  tell(event: Refused): void {
    const kind = this.#kindOf(event)
    if (kind === TOGETHER && event.type === 'limit:exceeded') this.#tell(kind, anonymous(event))
    else this.#tell(kind, event)
  }

  #tell(kind: string, event: Refused): void {
    const counted = this.#kinds.get(kind)
    if (counted === undefined) {
      this.#emit(event)
      this.#count(kind, event, COUNTED_MS)
    } else {
      counted.count += event.count ?? 1
      counted.last = event
    }
  }

  /** Tells what was counted and not told yet. */
  stop(): void {
    for (const { count, last, cancel } of this.#kinds.values()) {
      cancel()
      if (count > 0) this.#emit({ ...last, count })
    }
    this.#kinds.clear()
  }

  #kindOf(event: Refused): string {
    const kind = event.type === 'limit:exceeded' ? offence(event) : (event.limit ?? event.reason)
    return this.#kinds.has(kind) || this.#kinds.size < MOST_KINDS ? kind : TOGETHER
  }

  #count(kind: string, last: Refused, waitMs: number): void {
    const cancel = this.#clock.after(waitMs, () => this.#waited(kind))
    this.#kinds.set(kind, { count: 0, last, waitMs, cancel })
  }

  #waited(kind: string): void {
    const counted = this.#kinds.get(kind)
    if (counted === undefined) return
    this.#kinds.delete(kind)
    const { count, last, waitMs } = counted
    if (count === 0) return
    this.#emit({ ...last, count })
    this.#count(kind, last, Math.min(waitMs * 2, LONGEST_COUNTED_MS))
  }
}

/** Which limit, and who exceeds it: the host where there is one, as peers and connections are free to make. */
function offence({ limit, host, peerId, connectionId }: NewEvent<'limit:exceeded'>): string {
  return `${limit} ${host ?? peerId ?? connectionId ?? ''}`
}

/** Of many offenders together nobody is named: the last one did not do it all. */
function anonymous({
  host: _host,
  peerId: _peerId,
  connectionId: _connectionId,
  ...event
}: NewEvent<'limit:exceeded'>): Refused {
  return event
}
