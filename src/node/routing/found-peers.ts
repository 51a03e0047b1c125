import type { Libp2p, PeerInfo } from '@libp2p/interface'
import type { NewEvent } from '../../core/events.ts'
import { type SafeText, safeText } from '../../core/safe-text.ts'
import { peerAddresses } from '../bus/peer-addresses.ts'
import { MAX_ADDRESSES } from './limits.ts'

/** What peers are taken in with. */
export interface FoundPeersParts {
  libp2p: Pick<Libp2p, 'peerId' | 'peerStore'>
  emit: (event: NewEvent) => void
  /** Whether a peer was told of already. */
  isKnown(peerId: SafeText): boolean
}

/** Takes in the peers that the DHT names: what a person looked for, and whom a lookup asks on its way. */
export class FoundPeers {
  readonly #parts: FoundPeersParts

  constructor(parts: FoundPeersParts) {
    this.#parts = parts
  }

  /** Makes what was found dialable: in the address book, and in the list of peers. */
  async keep(peers: readonly PeerInfo[]): Promise<void> {
    const { libp2p } = this.#parts
    for (const { id, multiaddrs } of peers) {
      if (multiaddrs.length === 0 || id.equals(libp2p.peerId)) continue
      const some = { multiaddrs: multiaddrs.slice(0, MAX_ADDRESSES) }
      await libp2p.peerStore.merge(id, some).catch(() => undefined)
      this.#tell({ id, multiaddrs })
    }
  }

  /** Tells of a peer that is asked, if it is new. */
  introduce(peer: PeerInfo): void {
    if (!this.#parts.isKnown(safeText(peer.id.toString()))) this.#tell(peer)
  }

  #tell({ id, multiaddrs }: PeerInfo): void {
    const { emit, isKnown, libp2p } = this.#parts
    if (id.equals(libp2p.peerId)) return
    const peerId = safeText(id.toString())
    const type = isKnown(peerId) ? 'peer:refreshed' : 'peer:discovered'
    emit({ type, peerId, addresses: peerAddresses(peerId, multiaddrs), source: 'dht' })
  }
}
