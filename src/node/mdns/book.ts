import type { Clock } from '../../core/clock.ts'
import type { Announced, AnnouncedPeer } from './hear.ts'

/** A peer that can be dialed on the local network, as heard so far. */
export interface HeardPeer {
  peerId: string
  /** Valid multiaddrs without /p2p/ at their end, over all interfaces it was heard on. */
  addresses: string[]
  /** How long the peer asks to be remembered. */
  ttlMs: number
}

/** What one interface has carried of a peer. */
interface Slot {
  /** When each address was last said. */
  addresses: Map<string, number>
  until: number
}

interface Entry {
  instance: string
  slots: Map<string, Slot>
  reported: string
  reportedAt: number
}

const MAX_PEERS = 4096
const MAX_ADDRESSES = 32
/**
 * Records of one set may come in several packets, which belong together when they are this close (RFC 6762, section
 * 10.2); and the same news over two families or interfaces is one piece of news.
 */
const TOGETHER_MS = 1000

/** Adds up what the packets say: addresses over interfaces, and who leaves when an instance says goodbye. */
export class HeardBook {
  readonly #clock: Clock
  /** Least recently heard first. */
  readonly #entries = new Map<string, Entry>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Notes an announcement that came in at `place`; returns the peers that there is something to tell about. */
  add(announced: Announced, place: string): HeardPeer[] {
    return announced.peers
      .map(peer => this.#addPeer(announced, peer, place))
      .filter(heard => heard !== undefined)
  }

  /** Notes that an instance has said goodbye; returns the peers that were there under this name, once. */
  remove({ instance }: Announced): string[] {
    const left = [...this.#entries]
      .filter(([, entry]) => entry.instance === instance)
      .map(([peerId]) => peerId)
    for (const peerId of left) this.#entries.delete(peerId)
    return left
  }

  #addPeer({ instance, ttlSeconds }: Announced, peer: AnnouncedPeer, place: string): HeardPeer | undefined {
    const now = this.#clock.monotonic()
    const known = this.#entries.get(peer.peerId)
    // A new name is a new run of the peer: what the old one listened on is gone.
    const entry: Entry =
      known?.instance === instance
        ? known
        : { instance, slots: new Map(), reported: '', reportedAt: Number.NEGATIVE_INFINITY }
    entry.slots.set(place, slotWith(entry.slots.get(place), peer.addresses, now, ttlSeconds * 1000))
    for (const [name, { until }] of entry.slots) if (until <= now) entry.slots.delete(name)
    this.#entries.delete(peer.peerId)
    this.#entries.set(peer.peerId, entry)
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MAX_PEERS) break
      this.#entries.delete(oldest)
    }

    const all = new Set([...entry.slots.values()].flatMap(({ addresses }) => [...addresses.keys()]))
    const addresses = [...all].slice(0, MAX_ADDRESSES)
    const report = [...addresses].sort().join(' ')
    if (report === entry.reported && now - entry.reportedAt < TOGETHER_MS) return undefined
    entry.reported = report
    entry.reportedAt = now
    return { peerId: peer.peerId, addresses, ttlMs: ttlSeconds * 1000 }
  }
}

function slotWith(slot: Slot | undefined, said: readonly string[], now: number, ttlMs: number): Slot {
  const recent = [...(slot?.addresses ?? [])].filter(([, at]) => now - at < TOGETHER_MS)
  const addresses = new Map([...said.map(text => [text, now] as const), ...recent].slice(0, MAX_ADDRESSES))
  return { addresses, until: now + ttlMs }
}
