import { peerIdFromString } from '@libp2p/peer-id'
import { expect, it } from 'vitest'
import type { Excess } from '../../../src/node/limits/node-limits.ts'
import {
  DialBudget,
  MOST_OF_ONE_PEER,
  MOST_OF_ONE_QUERY,
  MOST_OF_ONE_REFERRER,
} from '../../../src/node/routing/dial-budget.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { ANNA, BERT } from '../../support/swarms.ts'

const [anna, bert] = [ANNA, BERT].map(id => peerIdFromString(id)) as [never, never]

function budget() {
  const told: Excess[] = []
  const clock = new ManualClock()
  return { told, clock, all: new DialBudget({ clock, exceeded: excess => told.push(excess) }) }
}

it('one peer is dialed at a few of the addresses that somebody names', () => {
  const { all } = budget()
  expect(all.query().take(32, 0, anna)?.addresses).toBe(MOST_OF_ONE_PEER)
  expect(all.query().take(3, 0, anna)?.addresses).toBe(3)
  expect(all.query().take(0, 2, anna)?.addresses).toBe(0)
  expect(all.query().take(0, 0, anna)).toBeUndefined()
})

it('one that names peers who do not answer is followed no further within a minute, in any query', () => {
  const { all, told, clock } = budget()
  let dialed = 0
  for (let query = 0; query < 3; query += 1) {
    const one = all.query()
    for (let n = 0; n < 20; n += 1) dialed += one.take(32, 0, anna)?.addresses ?? 0
  }
  expect(dialed).toBe(MOST_OF_ONE_REFERRER)
  expect(told[0]).toMatchObject({ limit: 'referredDials', action: 'refused', peerId: ANNA })
  expect(told).toHaveLength(60 - MOST_OF_ONE_REFERRER / MOST_OF_ONE_PEER)
  expect(all.query().take(1, 0, bert)?.addresses).toBe(1)
  clock.advance(60_000)
  expect(all.query().take(1, 0, anna)?.addresses).toBe(1)
})

it('one that names peers who answer is followed on', () => {
  const { all, told } = budget()
  for (let n = 0; n < MOST_OF_ONE_REFERRER - MOST_OF_ONE_PEER; n += 1) {
    const spent = all.query().take(MOST_OF_ONE_PEER, 0, anna)
    expect(spent?.addresses).toBe(MOST_OF_ONE_PEER)
    spent?.answered()
  }
  expect(told).toEqual([])
})

it('one query ends its dials at a number, whoever names the peers and whatever the address book has of them', () => {
  const { all, told } = budget()
  const query = all.query()
  let dialed = 0
  for (let n = 0; n < 100; n += 1) if (query.take(0, 32, undefined) !== undefined) dialed += 32
  expect(dialed).toBe(MOST_OF_ONE_QUERY)
  expect(told.at(-1)).toMatchObject({ limit: 'referredDials' })
  expect(told.at(-1)).not.toHaveProperty('peerId')
})
