import { describe, expect, it } from 'vitest'
import { findTarget, isAddress } from '../../src/commands/target.ts'
import { failureOf } from '../support/failures.ts'
import { ANNA, BERT, heard, OWN, swarmOf, text } from '../support/swarms.ts'

const swarm = swarmOf(heard(ANNA, '/ip4/192.168.1.2/tcp/4001'), heard(BERT, '/ip4/192.168.1.30/tcp/4001'))
const find = (words: string, selected = ANNA) => findTarget(words, swarm, selected)

describe('findTarget', () => {
  it.each([
    ['@', { dial: ANNA, peerId: ANNA }],
    [ANNA, { dial: ANNA, peerId: ANNA }],
    [OWN, { dial: OWN, peerId: OWN }],
    [BERT.slice(-5), { dial: BERT, peerId: BERT }],
    [BERT.slice(-5).toLowerCase(), { dial: BERT, peerId: BERT }],
    [`…${BERT.slice(-8)}`, { dial: BERT, peerId: BERT }],
    [`${ANNA.slice(0, 10)}…${ANNA.slice(-4)}`, { dial: ANNA, peerId: ANNA }],
    ['1.30', { dial: BERT, peerId: BERT }],
    ['/ip4/10.0.0.1/tcp/1', { dial: '/ip4/10.0.0.1/tcp/1' }],
    [`/dns4/x/tcp/1/p2p/${OWN}`, { dial: `/dns4/x/tcp/1/p2p/${OWN}`, peerId: OWN }],
    [`/p2p/${BERT}`, { dial: BERT, peerId: BERT }],
    [`/ip4/1.1.1.1/tcp/1/p2p/${OWN}/p2p-circuit`, { dial: `/ip4/1.1.1.1/tcp/1/p2p/${OWN}/p2p-circuit` }],
    [
      `/ip4/1.1.1.1/tcp/1/p2p/${OWN}/p2p-circuit/p2p/${ANNA}`,
      { dial: `/ip4/1.1.1.1/tcp/1/p2p/${OWN}/p2p-circuit/p2p/${ANNA}`, peerId: ANNA },
    ],
    ['nobody', undefined],
  ])('%s', (words, target) => expect(find(words)).toEqual(target))

  it('takes a name, before anything that is a part, and in another case if only one has it', async () => {
    const part = ANNA.slice(-4)
    const named = swarmOf(
      heard(ANNA, '/ip4/192.168.1.2/tcp/4001'),
      heard(BERT, '/ip4/192.168.1.30/tcp/4001'),
      { type: 'name:given', peerId: BERT, name: text(part) },
      { type: 'name:given', peerId: ANNA, name: text('the old laptop') },
    )
    const whom = (words: string) => findTarget(words, named, undefined)?.peerId
    expect(whom(part)).toBe(BERT)
    expect(whom('the old laptop')).toBe(ANNA)
    expect(whom('The Old Laptop')).toBe(ANNA)
    expect(whom('laptop')).toBe(ANNA)
    expect(whom(ANNA)).toBe(ANNA)
    const short = swarmOf(heard(ANNA), { type: 'name:given', peerId: ANNA, name: text('Al') })
    expect(findTarget('Al', short, undefined)?.peerId).toBe(ANNA)
    const alike = swarmOf(
      { type: 'name:given', peerId: ANNA, name: text('node') },
      { type: 'name:given', peerId: BERT, name: text('NODE') },
    )
    expect(findTarget('NODE', alike, undefined)?.peerId).toBe(BERT)
    expect((await failureOf(() => findTarget('Node', alike, undefined))).cause).toContain(
      'any of 2 peers: node, NODE',
    )
  })

  it('asks for more when several peers match, and names them', async () => {
    const { stage, cause, hint } = await failureOf(() => find('12D3KooW'))
    expect(stage).toBe('target')
    expect(cause).toBe(`"12D3KooW" could be any of 2 peers: …${ANNA.slice(-8)}, …${BERT.slice(-8)}`)
    expect(hint).toContain('Write more of it')
    expect((await failureOf(() => find('192.168'))).cause).toContain('2 peers')
  })

  it('takes no part so short that it may be a slip', async () => {
    const failure = await failureOf(() => find(`…${BERT.slice(-2)}`))
    expect(failure.cause).toContain('too short')
    expect(failure.hint).toContain('at least 3 characters')
  })

  it('takes a part as it is written before one in another case', () => {
    const upper = ANNA.slice(-4)
    expect(find(upper)?.peerId).toBe(ANNA)
  })

  it('has no @ when nothing is selected', async () => {
    expect((await failureOf(() => findTarget('@', swarm, undefined))).cause).toBe('No peer is selected')
  })
})

it('isAddress tells where to dial from whom to look for', () => {
  expect(isAddress('/ip4/1.2.3.4/tcp/1')).toBe(true)
  expect(isAddress(`/ip4/1.2.3.4/tcp/1/p2p/${ANNA}`)).toBe(true)
  expect(isAddress(`/p2p/${ANNA}`)).toBe(false)
  expect(isAddress(ANNA)).toBe(false)
})
