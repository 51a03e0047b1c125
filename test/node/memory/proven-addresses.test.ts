import { expect, it, onTestFinished } from 'vitest'
import { safeText, say } from '../../../src/core/safe-text.ts'
import { MOST_PROVEN, ProvenAddresses } from '../../../src/node/memory/proven-addresses.ts'
import { openDatastore } from '../../../src/node/profile/datastore.ts'
import { PeerNotes } from '../../../src/node/profile/peer-notes.ts'
import { peerIds } from '../../support/peer-ids.ts'
import { scratchDirectory } from '../../support/scratch.ts'

const at = (port: number) => safeText(`/ip4/192.0.2.1/tcp/${port}`)

async function open() {
  const [peerId = say``, relay = say``] = await peerIds(2)
  const notes = await PeerNotes.load(undefined)
  return { peerId, relay, notes, proven: new ProvenAddresses(notes) }
}

it('keeps the latest proofs, each once and without the Peer ID, the latest first', async () => {
  const { peerId, proven } = await open()
  for (let port = 1; port <= 9; port++) proven.add(peerId, say`${at(port)}/p2p/${peerId}`)
  proven.add(peerId, at(7))
  expect(proven.of(peerId)).toEqual([at(7), at(9), at(8), at(6)])
  expect(proven.of(peerId)).toHaveLength(MOST_PROVEN)
})

it('keeps one way through a relay, after all direct ones', async () => {
  const { peerId, relay, proven } = await open()
  const through = (port: number) => say`${at(port)}/p2p/${relay}/p2p-circuit`
  proven.add(peerId, say`${through(1)}/p2p/${peerId}`)
  for (let port = 10; port < 20; port++) proven.add(peerId, at(port))
  proven.add(peerId, say`${through(2)}/p2p/${peerId}`)
  expect(proven.of(peerId)).toEqual([at(19), at(18), at(17), through(2)])
})

it('takes no proof of another peer, and no address that may not be copied', async () => {
  const { peerId, relay, proven } = await open()
  proven.add(peerId, say`${at(1)}/p2p/${relay}`)
  proven.add(peerId, say`/dns4/$(x)/tcp/1`)
  expect(proven.of(peerId)).toEqual([])
})

it('has them again in the next run', async () => {
  const directory = await scratchDirectory()
  const opened = async () => {
    const outcome = await openDatastore(directory)
    if (outcome.state !== 'open') throw new Error(outcome.state)
    onTestFinished(() => outcome.close())
    return outcome
  }
  const [peerId = say``] = await peerIds(1)
  const first = await opened()
  const notes = await PeerNotes.load(first.datastore.db)
  new ProvenAddresses(notes).add(peerId, at(1))
  // Writes are done in order.
  await notes.change(peerId, note => ({ ...note, name: 'Anna' }))
  await first.close()
  const again = await PeerNotes.load((await opened()).datastore.db)
  expect(new ProvenAddresses(again).of(peerId)).toEqual([at(1)])
})
