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
  /** Whether there is a connection to a peer that goes through no relay. */
  isDirect(peerId: SafeText): boolean
}

/**
 * Reserves at relays among the peers that are connected anyway, until there are enough reservations. Nobody is dialed for
 * it, which is what libp2p's own search would do: to whom this node connects is not for its relays to decide.
 */
export class AutoRelay {
  readonly #options: AutoRelayOptions
  /** Connected directly, and relays by their own words; those that were asked are taken out. */
  readonly #candidates = new Set<SafeText>()
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
        break
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
      // Why it refused is told by whoever asked it.
      await this.#options.reserve(peerId).catch(() => undefined)
    }
    this.#asking = false
  }
}
