import { isRelayed } from '../../core/address.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { PeerNotes } from '../profile/peer-notes.ts'
import { bookable } from './bookable.ts'

/** So many proven addresses are kept of one peer: it has few places, and each that is out of date delays a dial. */
export const MOST_PROVEN = 4

/**
 * The addresses at which peers have proved to be: a connection of ours to such an address ended its handshake with the
 * peer's own key. Anybody can name an address of a peer, but only the peer can prove one, so what strangers say must
 * never drive these out. They are kept from one run to the next.
 */
export class ProvenAddresses {
  readonly #notes: PeerNotes

  constructor(notes: PeerNotes) {
    this.#notes = notes
  }

  /** Those of a peer, without /p2p/ and the peer at their end: the latest proof first, a relayed one last. */
  of(peerId: string): readonly string[] {
    return this.#notes.of(peerId).proven ?? []
  }

  /** Notes a proof. A disk that cannot be written loses it with the run. */
  add(peerId: SafeText, address: SafeText): void {
    const suffix = `/p2p/${peerId}`
    const place = address.endsWith(suffix) ? address.slice(0, -suffix.length) : address
    // One that ends in another Peer ID proves nothing about this one.
    if (/\/p2p\/[^/]+$/.test(place) || bookable([place]).length === 0) return
    if (withFirst(this.of(peerId), place).join() === this.of(peerId).join()) return
    this.#notes
      .change(peerId, note => ({ ...note, proven: withFirst(note.proven ?? [], place) }))
      .catch(() => undefined)
  }
}

/** One relayed address at the most: it is of use only for as long as the relay serves the peer. */
function withFirst(places: readonly string[], place: string): string[] {
  const all = [place, ...places.filter(other => other !== place)]
  const relayed = all.filter(isRelayed).slice(0, 1)
  return [...all.filter(other => !isRelayed(other)).slice(0, MOST_PROVEN - relayed.length), ...relayed]
}
