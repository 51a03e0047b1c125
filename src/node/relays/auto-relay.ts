import type { NewEvent } from '../../core/events.ts'
import type { SafeText } from '../../core/safe-text.ts'

/** How many reservations are held, so that one relay can go away. */
export const WANTED = 2
/** Protocol id that relays speak (specs: relay/circuit-v2.md). */
const HOP_PROTOCOL = '/libp2p/circuit/relay/0.2.0/hop'

/** What relays are found and asked with. */
export interface AutoRelayOptions {
  /** How many reservations stand. */
  held(): number
  /** Rejects when the relay does not grant one. */
  reserve(peerId: SafeText): Promise<unknown>
  /** Whether there is an open connection to a peer that goes through no relay. */
  isDirect(peerId: SafeText): boolean
  /** Called for a relay whose lost reservation is not to be asked for again any more. */
  giveUp(peerId: SafeText): void
}

/**
 * Reserves at relays among the peers that are connected anyway, until there are enough reservations. Nobody is dialed for
 * it, which is what libp2p's own search would do: to whom this node connects is not for its relays to decide.
 */
export class AutoRelay {
  readonly #options: AutoRelayOptions
  /** Connected directly, and relays by their own words; those that were asked are taken out. */
  readonly #candidates = new Set<SafeText>()
  /** Relays that were found here and have been lost since, the first lost first; they are asked again by themselves. */
  readonly #lost = new Set<SafeText>()
  /** Relays that were found here: we hold a reservation there, or have just asked for one. */
  readonly #found = new Set<SafeText>()
  #asking = false

  constructor(options: AutoRelayOptions) {
    this.#options = options
  }

  /** Told of every event of the node. */
  heard(event: NewEvent): void {
    const { isDirect } = this.#options
    switch (event.type) {
      case 'peer:identified':
      case 'peer:updated':
        if (!event.protocols.some(protocol => protocol === HOP_PROTOCOL) || !isDirect(event.peerId)) return
        this.#candidates.add(event.peerId)
        break
      case 'connection:closed':
        if (!isDirect(event.peerId)) this.#candidates.delete(event.peerId)
        return
      case 'relay:lost':
        // That one is asked again by itself.
        this.#candidates.delete(event.peerId)
        this.#lostOne(event.peerId)
        break
      case 'relay:reserved':
        if (this.#lost.delete(event.peerId)) this.#found.add(event.peerId)
        return
      default:
        return
    }
    void this.#ask()
  }

  /** One after the other: a relay more than is needed would be kept busy for nothing. */
  async #ask(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    for (const peerId of this.#candidates) {
      if (this.#options.held() >= WANTED) break
      this.#candidates.delete(peerId)
      this.#found.add(peerId)
      // Why it refused is told by whoever asked it.
      await this.#options.reserve(peerId).catch(() => this.#found.delete(peerId))
    }
    this.#asking = false
  }

  /** Anybody may grant a reservation and go away: of those who did, no more than are wanted are dialed again and again. */
  #lostOne(peerId: SafeText): void {
    if (!this.#found.delete(peerId)) return
    this.#lost.add(peerId)
    const [first] = this.#lost
    if (this.#lost.size <= WANTED || first === undefined) return
    this.#lost.delete(first)
    this.#options.giveUp(first)
  }
}
