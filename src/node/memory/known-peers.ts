import type { Libp2p } from '@libp2p/interface'
import type { NewEvent } from '../../core/events.ts'
import { type SafeText, safeText } from '../../core/safe-text.ts'
import { peerAddresses } from '../bus/peer-addresses.ts'
import { earlierOf } from '../profile/age-keeper.ts'
import type { PeerNotes } from '../profile/peer-notes.ts'

interface AddressBook {
  libp2p: Libp2p
  notes: PeerNotes
  emit: (event: NewEvent) => void
  /** Called for each peer that is dropped because nothing leads to it. */
  forget: (peerId: SafeText) => void
}

/**
 * Tells what the address book holds from earlier runs: libp2p has no event for that. Whom a person has plans with is
 * known, even where no address is.
 */
export async function tellKnownPeers({ libp2p, notes, emit, forget }: AddressBook): Promise<void> {
  const told = new Set<string>()
  for (const { id, addresses } of await libp2p.peerStore.all()) {
    if (id.equals(libp2p.peerId)) continue
    const peerId = safeText(id.toString())
    if (addresses.length === 0 && !notes.isWanted(peerId)) {
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
    told.add(peerId)
  }
  for (const [id, note] of notes.all()) {
    const peerId = safeText(id)
    if (told.has(id)) continue
    if (!notes.isWanted(id)) {
      // The address book has let it go, by its age or in a run that was cut off: its note would stay for ever.
      forget(peerId)
      continue
    }
    emit({ type: 'peer:discovered', peerId, addresses: [], source: 'known', ...earlierOf(note) })
  }
}
