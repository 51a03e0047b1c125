import type { Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import type { SafeText } from '../../../src/core/safe-text.ts'
import { tellKnownPeers } from '../../../src/node/memory/known-peers.ts'
import { ProvenAddresses } from '../../../src/node/memory/proven-addresses.ts'
import { PeerNotes } from '../../../src/node/profile/peer-notes.ts'
import { peerIds } from '../../support/peer-ids.ts'

const SEEN = [{ source: 'mdns' as const, firstSeen: 1, lastSeen: 2 }]

/** An address book with these peers, and what came of telling them. */
async function told(book: Record<string, readonly string[]>, notes: PeerNotes, self: string) {
  const events: NewEvent[] = []
  const forgotten: SafeText[] = []
  const deleted: string[] = []
  const entries = Object.entries(book).map(([id, addresses]) => ({
    id: peerIdFromString(id),
    addresses: addresses.map(address => ({ multiaddr: multiaddr(address), isCertified: false })),
  }))
  const libp2p = {
    peerId: peerIdFromString(self),
    peerStore: { all: async () => entries, delete: async (id: unknown) => void deleted.push(String(id)) },
  } as unknown as Libp2p
  const forget = (peerId: SafeText) => void forgotten.push(peerId)
  await tellKnownPeers({
    libp2p,
    notes,
    proven: new ProvenAddresses(notes),
    emit: event => events.push(event),
    forget,
  })
  const peers = events.flatMap(event => (event.type === 'peer:discovered' ? [event.peerId] : []))
  return { peers, forgotten, deleted }
}

it('tells whom the address book has, and forgets whom nothing leads to', async () => {
  const [self = '', reachable = '', visitor = ''] = await peerIds(3)
  const notes = await PeerNotes.load(undefined)
  await notes.change(visitor, () => ({ seen: SEEN }))
  const book = { [self]: ['/ip4/192.0.2.1/tcp/1'], [reachable]: ['/ip4/192.0.2.2/tcp/1'], [visitor]: [] }
  const { peers, forgotten, deleted } = await told(book, notes, self)
  expect(peers).toEqual([reachable])
  expect(deleted).toEqual([visitor])
  expect(forgotten).toContain(visitor)
})

it('forgets the notes of those whom the address book has let go, but not of those with a name', async () => {
  const [self = '', gone = '', named = ''] = await peerIds(3)
  const notes = await PeerNotes.load(undefined)
  await notes.change(gone, () => ({ seen: SEEN }))
  await notes.change(named, () => ({ seen: SEEN, name: 'Anna' }))
  const { peers, forgotten } = await told({}, notes, self)
  expect(peers).toEqual([named])
  expect(forgotten).toEqual([gone])
})
