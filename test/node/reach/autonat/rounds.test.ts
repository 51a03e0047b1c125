import { expect, it } from 'vitest'
import type { SafeText } from '../../../../src/core/safe-text.ts'
import { type Asked, nextAsk, WITNESSES } from '../../../../src/node/reach/autonat/rounds.ts'

const text = (words: string) => words as SafeText
const A = text('/ip4/11.0.0.1/tcp/1')
const B = text('/ip4/11.0.0.2/tcp/1')
const SIX = text('/ip6/2600::1/tcp/1')
const PEERS = ['ann', 'ben', 'cat', 'dan', 'eve'].map(peer => ({
  peerId: text(peer),
  host: `host of ${peer}`,
  ip6: peer === 'eve',
}))

/** Asks until there is nothing to ask. */
function all(addresses: SafeText[], tries: (ask: { peerId: string; address: string }) => boolean): Asked[] {
  const asked: Asked[] = []
  for (let ask = nextAsk(addresses, () => PEERS, asked); ask; ask = nextAsk(addresses, () => PEERS, asked)) {
    asked.push({ ...ask, at: 0, tried: tries(ask) })
  }
  return asked
}

it('every address is tried by some peers, in turn, and by no more', () => {
  const asked = all([A, B], () => true)
  expect(asked.map(({ peerId, address }) => `${peerId} ${address === A ? 'A' : 'B'}`)).toEqual([
    'ann A',
    'ann B',
    'ben A',
    'ben B',
    'cat A',
    'cat B',
  ])
  expect(WITNESSES).toBe(3)
})

it('others are asked where one has not tried, and nobody twice', () => {
  const asked = all([A], ({ peerId }) => peerId !== 'ben')
  expect(asked.map(({ peerId }) => peerId)).toEqual(['ann', 'ben', 'cat', 'dan'])
  expect(all([A], () => false)).toHaveLength(PEERS.length)
})

it('peers of one host are one witness, and another one is asked where the first has not tried', () => {
  const sybils = ['one', 'two', 'three'].map(peer => ({ peerId: text(peer), host: 'theirs', ip6: false }))
  const honest = { peerId: text('ann'), host: 'hers', ip6: false }
  const peers = () => [...sybils, honest]
  const asked: Asked[] = []
  for (let ask = nextAsk([A], peers, asked); ask; ask = nextAsk([A], peers, asked)) {
    asked.push({ ...ask, at: 0, tried: ask.peerId !== 'one' })
  }
  expect(asked.map(({ peerId }) => peerId)).toEqual(['one', 'two', 'ann'])
})

it('addresses of IPv6 are for those who have it', () => {
  expect(all([SIX], () => true).map(({ peerId }) => peerId)).toEqual(['eve'])
})

it('nobody is asked about nothing, and nothing where nobody is', () => {
  expect(nextAsk([], () => PEERS, [])).toBeUndefined()
  expect(nextAsk([A], () => [], [])).toBeUndefined()
})

it('nobody is looked for while there is nothing to ask', () => {
  const asked = all([A, B], () => true)
  const peers = () => {
    throw new Error('looked for')
  }
  expect(nextAsk([A, B], peers, asked)).toBeUndefined()
  expect(nextAsk([], peers, [])).toBeUndefined()
})
