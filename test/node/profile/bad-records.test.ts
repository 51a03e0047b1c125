import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { base32 } from 'multiformats/bases/base32'
import { expect, it, onTestFinished } from 'vitest'
import { passOverBadRecords } from '../../../src/node/profile/bad-records.ts'
import { openDatastore } from '../../../src/node/profile/datastore.ts'
import { scratchDirectory } from '../../support/scratch.ts'

const ADDRESS = multiaddr('/ip4/192.0.2.1/tcp/4001')
const newPeer = async () => peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
const keyOf = async () => `/peers/${(await newPeer()).toCID().toString(base32)}`

/** libp2p's peer store over a datastore that can be written past it, with one peer in it. */
async function peerStore() {
  const outcome = await openDatastore(await scratchDirectory())
  if (outcome.state !== 'open') throw new Error(outcome.state)
  onTestFinished(() => outcome.close())
  const { datastore } = outcome
  const { peerStore: store } = await createLibp2p({ datastore, start: false })
  const id = await newPeer()
  await store.patch(id, { multiaddrs: [ADDRESS] })
  const told: number[] = []
  passOverBadRecords(store, datastore.db, removed => told.push(removed))
  const [record] = await datastore.db.values({ gte: '/peers/', lt: '/peers0' }).all()
  const bytes = new Uint8Array(record as unknown as Uint8Array)
  return { store, db: datastore.db, id, bytes, told }
}

it.each<[string, (bytes: Uint8Array) => Uint8Array, string | undefined]>([
  ['is garbage', () => Uint8Array.of(1, 2, 3, 255), undefined],
  ['is cut short', bytes => bytes.subarray(0, 10), undefined],
  [
    'has an address of no protocol',
    bytes => bytes.with(Buffer.from(bytes).indexOf(ADDRESS.bytes), 0xff),
    undefined,
  ],
  ['is of nobody', bytes => bytes, '/peers/nobody'],
  ['is of something else', bytes => bytes, '/peers/bafkqaaa'],
])('a record that %s is removed and told, and all others are there', async (_, damage, key) => {
  const { store, db, id, bytes, told } = await peerStore()
  await db.put(key ?? (await keyOf()), damage(bytes) as never)
  const all = await store.all()
  expect(all.map(peer => peer.id.toString())).toEqual([id.toString()])
  expect(told).toEqual([1])
  await store.all()
  expect(told).toEqual([1])
})

it('what else goes wrong is not taken for a bad record', async () => {
  const { store, db, told } = await peerStore()
  await db.close()
  await expect(store.all()).rejects.toThrow()
  expect(told).toEqual([])
})
