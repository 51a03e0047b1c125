import type { Libp2p } from '@libp2p/interface'
import type { NewEvent } from '../core/events.ts'
import { type SafeText, safeText } from '../core/safe-text.ts'
import { peerAddresses } from './bus/peer-addresses.ts'
import { earlierOf } from './profile/age-keeper.ts'
import type { PeerNotes } from './profile/peer-notes.ts'

interface AddressBook {
  libp2p: Libp2p
  notes: PeerNotes
  emit: (event: NewEvent) => void
  /** Called for each peer that is dropped because nothing leads to it. */
  forget: (peerId: SafeText) => void
}

/** Tells what the address book holds from earlier runs: libp2p has no event for that. */
export async function tellKnownPeers({ libp2p, notes, emit, forget }: AddressBook): Promise<void> {
  for (const { id, addresses } of await libp2p.peerStore.all()) {
    if (id.equals(libp2p.peerId)) continue
    const peerId = safeText(id.toString())
    if (addresses.length === 0) {
      // One that only ever came to us, e.g. for a single ping, cannot be found again: it would only fill the disk.
      await libp2p.peerStore.delete(id)
      forget(peerId)
      continue
    }
    emit({
      type: 'peer:discovered',
      peerId,
      addresses: peerAddresses(
        peerId,
        addresses.map(({ multiaddr }) => multiaddr),
      ),
      source: 'known',
      ...earlierOf(notes.of(peerId)),
    })
  }
}
