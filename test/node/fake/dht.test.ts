import { expect, it } from 'vitest'
import type { Params } from '../../../src/core/requests.ts'
import { FakeDht } from '../../../src/node/fake/dht.ts'
import { startFakePort } from '../../../src/node/fake/fake-port.ts'
import { failureOf } from '../../support/failures.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { PortReader } from '../../support/port-reader.ts'
import { ANNA } from '../../support/swarms.ts'

const HELLO = 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'

async function start() {
  const clock = new ManualClock()
  const fake = startFakePort({ clock, lively: false, dht: FakeDht })
  const reader = new PortReader(fake.port)
  await clock.advanceAsync(100, 10)
  const query = async (params: Params<'query'>) => {
    const asked = fake.port.request('query', params)
    asked.catch(() => {})
    await clock.advanceAsync(2000, 10)
    return await asked
  }
  return { clock, fake, reader, query }
}

it('keeps what is put, and nothing else', async () => {
  const { query } = await start()
  const put = await query({ query: 'put', subject: 'motd', value: 'good morning' })
  expect(put.peers.length).toBeGreaterThan(0)
  expect(await query({ query: 'get', subject: 'motd', value: '' })).toMatchObject({
    subject: '/app/motd',
    value: { text: 'good morning', encoding: 'text' },
  })
  const missing = await failureOf(() => query({ query: 'get', subject: 'other', value: '' }))
  expect(missing.cause).toBe('The key was not found in the DHT')
})

it('knows where its peers are, who provides something, and refuses words that make no sense', async () => {
  const { query, fake } = await start()
  const { peers } = await query({ query: 'providers', subject: HELLO, value: '' })
  expect(fake.peers.map(({ peerId }) => peerId)).toContain(peers[0]?.peerId)
  expect(await query({ query: 'find', subject: peers[0]?.peerId ?? '', value: '' })).toMatchObject({ peers })
  const unknown = await failureOf(() => query({ query: 'find', subject: ANNA, value: '' }))
  expect(unknown.stage).toBe('resolve')
  expect((await failureOf(() => query({ query: 'providers', subject: 'x', value: '' }))).cause).toBe(
    'x is not a CID',
  )
})

it('lists the closest first, tells each step, and fills its table', async () => {
  const { query, fake, reader } = await start()
  const { peers, asked } = await query({ query: 'closest', subject: 'motd', value: '' })
  expect(peers.length).toBe(fake.state().routing.size)
  await reader.event('query:ended')
  const steps = reader.of('query:progressed').map(({ peerId, step }) => `${step} ${peerId}`)
  expect(steps).toHaveLength(asked * 2)
  expect(steps.slice(0, 2)).toEqual([`asked ${peers[0]?.peerId}`, `answered ${peers[0]?.peerId}`])
})

it('ends a query that is called off', async () => {
  const { fake, clock, reader } = await start()
  const person = new AbortController()
  const params = { query: 'closest', subject: 'motd', value: '' } as const
  const failure = failureOf(() => fake.port.request('query', params, { signal: person.signal }))
  await reader.event('query:progressed')
  person.abort()
  await clock.advanceAsync(10)
  expect((await failure).stage).toBe('request')
  expect(await reader.event('query:ended')).toMatchObject({ outcome: 'cancelled', found: 0 })
  await clock.advanceAsync(2000, 10)
  expect(reader.of('query:ended')).toHaveLength(1)
})

it('ends what it provides, and nothing that it does not', async () => {
  const { query, fake } = await start()
  await query({ query: 'provide', subject: 'hello world', value: '' })
  expect([...fake.state().providing.keys()]).toEqual([HELLO])
  expect(await fake.port.request('withdraw', { cid: HELLO })).toEqual({ cid: HELLO })
  expect(fake.state().providing.size).toBe(0)
  expect((await failureOf(() => fake.port.request('withdraw', { cid: HELLO }))).stage).toBe('target')
})
