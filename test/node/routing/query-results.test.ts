import { generateKeyPair } from '@libp2p/crypto/keys'
import type { PeerId } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { beforeAll, expect, it } from 'vitest'
import { K, MAX_ADDRESSES } from '../../../src/node/routing/limits.ts'
import { QueryResults } from '../../../src/node/routing/query-results.ts'

let ids: PeerId[]
beforeAll(async () => {
  ids = await Promise.all(
    Array.from({ length: K + 1 }, async () => peerIdFromPrivateKey(await generateKeyPair('Ed25519'))),
  )
})

const at = (place: number, ...ports: number[]) => ({
  id: ids[place] as PeerId,
  multiaddrs: ports.map(port => multiaddr(`/ip4/192.0.2.1/tcp/${port}`)),
})
const ports = (results: QueryResults) =>
  results.peers[0]?.multiaddrs.map(address => Number(address.toString().split('/').at(-1)))

it('puts together what several say of one peer, first what most of them say', () => {
  const results = new QueryResults()
  expect(results.add({ peers: [at(0, 666, 667)] }).peers).toHaveLength(1)
  expect(results.add({ peers: [at(0, 1)] }).peers).toEqual([])
  results.add({ peers: [at(0, 1, 2)] })
  expect(ports(results)).toEqual([1, 666, 667, 2])
  expect(results.size).toBe(1)
})

it('counts once who says one address many times, and has the right one beside those of a liar', () => {
  const results = new QueryResults()
  const lies = Array.from({ length: 500 }, (_, n) => 10_000 + n)
  results.add({ peers: [at(0, 666, 666, 666, ...lies)] })
  results.add({ peers: [at(0, ...lies.toReversed())] })
  results.add({ peers: [at(0, 1)] })
  results.add({ peers: [at(0, 1)] })
  expect(ports(results)?.[0]).toBe(1)
  expect(ports(results)).toHaveLength(MAX_ADDRESSES)
})

it('has k peers at the most, and takes none of the others for new', () => {
  const results = new QueryResults()
  const all = ids.map((_, place) => at(place, 1))
  expect(results.add({ peers: all }).peers).toHaveLength(K)
  expect(results.add({ peers: [at(K, 1)] }).peers).toEqual([])
  expect(results.size).toBe(K)
})

it('has the latest value, and says whether it is another one', () => {
  const results = new QueryResults()
  expect(results.add({ value: Buffer.from('a') }).value).toEqual(Buffer.from('a'))
  expect(results.add({ value: Buffer.from('a') }).value).toBeUndefined()
  results.add({ value: Buffer.from('b') })
  expect(results.value).toEqual(Buffer.from('b'))
})
