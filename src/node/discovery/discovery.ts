import type { Cancel, Clock } from '../../core/clock.ts'
import type { NewEvent, Payload } from '../../core/events.ts'
import { type SafeText, safeAddress, safeText } from '../../core/safe-text.ts'

/** How often it is looked whether somebody has expired. */
const SWEEP_MS = 1_000
/** A peer that goes on saying the same is news again after this: each answers everyone's questions. */
const REFRESH_MS = 5_000
/** More peers than this are not taken in from the local network: somebody is making them up. */
export const MAX_HEARD = 10_000
/** At most so many addresses of one peer are looked at. */
const MAX_ADDRESSES = 32

interface Heard {
  addresses: SafeText[]
  /** Monotonic times in ms: when last heard, and when that was last told. */
  heardAt: number
  toldAt: number
}

/** What discovery works with, and when a peer expires. */
export interface DiscoveryOptions {
  clock: Clock
  emit: (event: NewEvent) => void
  /** Our own Peer ID, which is never a discovery. */
  self: string
  /** A peer not heard for so long has expired. */
  ttlMs: number
}

/** Who is heard on the local network: when they appear, what changes, and when they have not been heard for too long. */
export class Discovery {
  readonly #options: DiscoveryOptions
  readonly #heard = new Map<string, Heard>()
  readonly #stopSweeping: Cancel
  #overflowing = false

  constructor(options: DiscoveryOptions) {
    this.#options = options
    this.#stopSweeping = options.clock.every(SWEEP_MS, () => this.#sweep())
  }

  /** A peer was heard, with the addresses it announces. */
  heard(id: string, multiaddrs: readonly string[]): void {
    const { clock, emit, self } = this.#options
    if (id === self) return
    const now = clock.monotonic()
    const before = this.#heard.get(id)
    if (before === undefined && this.#full()) return
    const addresses = multiaddrs.slice(0, MAX_ADDRESSES).map(address => safeAddress(address))
    const changed = before === undefined || !sameSet(before.addresses, addresses)
    const tell = changed || now - before.toldAt >= REFRESH_MS
    this.#heard.set(id, { addresses, heardAt: now, toldAt: tell ? now : before.toldAt })
    if (!tell) return
    const type = before === undefined ? 'peer:discovered' : 'peer:refreshed'
    emit({ type, peerId: safeText(id), addresses, source: 'mdns' })
  }

  /** A peer said that it leaves. */
  left(id: string): void {
    this.#expire(id, 'goodbye')
  }

  /** A peer has given way to others. */
  crowdedOut(id: string): void {
    this.#expire(id, 'room')
  }

  stop(): void {
    this.#stopSweeping()
  }

  #sweep(): void {
    const oldest = this.#options.clock.monotonic() - this.#options.ttlMs
    for (const [id, { heardAt }] of this.#heard) if (heardAt <= oldest) this.#expire(id, 'ttl')
  }

  #expire(id: string, reason: Payload<'peer:expired'>['reason']): void {
    const heard = this.#heard.get(id)
    if (heard === undefined) return
    this.#heard.delete(id)
    const { addresses } = heard
    this.#options.emit({ type: 'peer:expired', peerId: safeText(id), addresses, source: 'mdns', reason })
  }

  #full(): boolean {
    const full = this.#heard.size >= MAX_HEARD
    if (full && !this.#overflowing) {
      this.#options.emit({
        type: 'warning:raised',
        topic: 'peers',
        cause: safeText(
          `More than ${MAX_HEARD} peers announce themselves here; further ones are not taken in`,
        ),
        hint: safeText('Somebody on this network is making up peers. --no-mdns stops listening to them'),
      })
    }
    if (!full && this.#overflowing) this.#options.emit({ type: 'warning:cleared', topic: 'peers' })
    this.#overflowing = full
    return full
  }
}

function sameSet(a: readonly SafeText[], b: readonly SafeText[]): boolean {
  return a.length === b.length && b.every(item => a.includes(item))
}
