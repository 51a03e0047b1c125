import type { Address, Libp2p, Peer } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { isPlainAddress } from '../../core/address.ts'
import type { NewEvent } from '../../core/events.ts'
import { type SafeText, safeText } from '../../core/safe-text.ts'
import { peerAddresses } from '../bus/peer-addresses.ts'
import { earlierOf } from '../profile/age-keeper.ts'
import type { PeerNotes } from '../profile/peer-notes.ts'
import { bookable } from './bookable.ts'
import type { ProvenAddresses } from './proven-addresses.ts'

interface AddressBook {
  libp2p: Libp2p
  notes: PeerNotes
  proven: Pick<ProvenAddresses, 'of'>
  emit: (event: NewEvent) => void
  /** Called for each peer that is dropped because nothing leads to it. */
  forget: (peerId: SafeText) => void
}

/**
 * Tells what the address book holds from earlier runs: libp2p has no event for that. Whom a person has plans with is
 * known, even where no address is.
 */
export async function tellKnownPeers(book: AddressBook): Promise<void> {
  const { libp2p, notes, proven, emit, forget } = book
  const told = new Set<string>()
  await putBack(book)
  for (const peer of await libp2p.peerStore.all()) {
    const { id } = peer
    if (id.equals(libp2p.peerId)) continue
    const addresses = await cleaned(peer, libp2p)
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
      addresses: peerAddresses(peerId, [
        ...proven.of(peerId),
        ...addresses.map(({ multiaddr }) => multiaddr),
      ]),
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

/** Puts back where wanted peers have proved to be, should it have grown too old for the book. */
async function putBack({ libp2p: { peerStore }, notes, proven }: AddressBook): Promise<void> {
  for (const [id] of notes.all()) {
    const multiaddrs = notes.isWanted(id) ? bookable(proven.of(id)) : []
    if (multiaddrs.length > 0) await peerStore.merge(peerIdFromString(id), { multiaddrs })
  }
}

/** Takes out what an earlier version has let in and this one refuses. @returns what is left */
async function cleaned({ id, addresses }: Peer, { peerStore }: Libp2p): Promise<Address[]> {
  const plain = addresses.filter(({ multiaddr }) => isPlainAddress(multiaddr.toString()))
  if (plain.length < addresses.length) await peerStore.patch(id, { addresses: plain })
  return plain
}
