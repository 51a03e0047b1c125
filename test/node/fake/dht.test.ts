import { peerIdFromString } from '@libp2p/peer-id'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Params } from '../../../src/core/requests.ts'
import { safeText } from '../../../src/core/safe-text.ts'
import { startFakePort } from '../../../src/node/fake/fake-port.ts'
import { fakePeerId, multihashOf } from '../../../src/node/fake/peer-id.ts'
import { Random } from '../../../src/node/fake/random.ts'
import { failureOf } from '../../support/failures.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { turns } from '../../support/peers/until.ts'
import { watchPort } from '../../support/watched-node.ts'

const HELLO = 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'
const NOBODY = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'

/** The demo after some time, so that its routing table has filled. */
async function demo() {
  const clock = new ManualClock()
  const { port } = startFakePort({ clock, dht: true })
  onTestFinished(() => port.stop())
  const node = watchPort(port)
  for (let second = 0; second < 10; second += 1) clock.advance(1_000)
  await turns(5)
  const query = async (kind: Params<'query'>['query'], subject: string, value = '', signal?: AbortSignal) => {
    const id = safeText(`${kind} ${subject}`)
    const asked = port.request('query', { query: kind, subject, value }, { id, ...(signal && { signal }) })
    let settled = false
    const end = asked.finally(() => {
      settled = true
    })
    end.catch(() => {})
    while (!settled) {
      clock.advance(20)
      await turns(3)
    }
    const result = await end
    await node.heard('query:ended', ({ requestId }) => requestId === id)
    return result
  }
  return { node, clock, port, query }
}

// Loaded with the first query: a clock turned by hand would run ahead of the disk.
beforeAll(async () => {
  await import('../../../src/node/fake/dht/fake-routing.ts')
})

describe('the DHT of the demo', () => {
  it('has a table with buckets that is kept fresh', async () => {
    const { node, clock } = await demo()
    expect(node.state().dht).toEqual({ protocol: '/ipfs/kad/1.0.0', mode: 'client' })
    expect(node.state().routing.size).toBe(16)
    expect(new Set([...node.state().routing.values()].map(({ bucket }) => bucket)).size).toBeGreaterThan(2)
    clock.advance(20_000)
    await turns(5)
    expect(node.state().buckets.size).toBe(1)
    const heardAgain = [...node.state().routing.values()].filter(entry => entry.heardAt > entry.addedAt)
    expect(heardAgain.length).toBeGreaterThan(0)
  })

  it('finds who provides something, over peers that answer and peers that do not', async () => {
    const { node, query } = await demo()
    const { peers, asked, answered } = await query('providers', HELLO)
    expect(peers.length).toBe(3)
    expect(asked).toBeGreaterThan(answered)
    const steps = node.events.filter(event => event.type === 'query:progressed')
    expect(new Set(steps.map(({ step }) => step))).toEqual(new Set(['asked', 'answered', 'failed']))
    const took = steps.flatMap(({ tookMs }) => tookMs ?? [])
    expect(Math.max(...took)).toBeGreaterThan(50)
    expect(node.state().lastQuery).toMatchObject({ outcome: 'found', results: { length: 3 } })
  })

  it('finds a peer that can be dialed then', async () => {
    const { node, port, clock, query } = await demo()
    const [first] = (await query('providers', HELLO)).peers
    const peerId = String(first?.peerId)
    const { peers } = await query('find', peerId)
    expect(peers).toEqual([first])
    const dialing = port.request('dial', { target: peerId })
    await node.heard('dial:started')
    clock.advance(2_000)
    await dialing
    await node.heard('connection:opened', event => event.peerId === peerId)
    expect(node.state().peers.get(peerId)?.presence).toBe('connected')
  })

  it('keeps what is put and provided, and forgets what is withdrawn', async () => {
    const { node, port, query } = await demo()
    expect(await query('get', 'motd')).toMatchObject({ value: { text: 'Good morning from the demo' } })
    expect((await query('put', 'mine', 'yes')).peers.length).toBe(20)
    expect(await query('get', 'mine')).toMatchObject({ value: { text: 'yes' } })
    const { subject, peers } = await query('provide', 'my own text')
    expect(peers.length).toBe(20)
    expect(node.state().providing.get(subject)).toMatchObject({ peers: 20 })
    const own = await node.peerId()
    expect((await query('providers', subject)).peers).toMatchObject([{ peerId: own }])
    await port.request('withdraw', { cid: subject })
    expect(await failureOf(() => query('providers', subject))).toMatchObject({
      cause: 'Nobody in the DHT provides it',
    })
    expect(node.state().providing.size).toBe(0)
  })

  it('says which peers are closest, in one order whoever asks when', async () => {
    const { query } = await demo()
    const { peers } = await query('closest', 'anything')
    expect(peers.length).toBe(20)
    expect((await query('closest', 'anything')).peers).toEqual(peers)
  })

  it.each([
    ['find', NOBODY, 'Nobody in the DHT knows where this peer is'],
    ['find', 'nobody', 'nobody is not a Peer ID'],
    ['get', 'nothing', 'The key was not found in the DHT'],
    ['everything', 'x', 'There is no such query'],
  ])('%s %s is told why not', async (kind, subject, cause) => {
    const { query } = await demo()
    expect((await failureOf(() => query(kind as 'find', subject))).cause).toBe(cause)
  })

  it('ends a query that is called off', async () => {
    const { node, clock, port } = await demo()
    const controller = new AbortController()
    const params = { query: 'closest', subject: 'x', value: '' } as const
    const asked = failureOf(() => port.request('query', params, { signal: controller.signal }))
    await node.heard('query:progressed')
    controller.abort()
    expect((await asked).cause).toBe('Cancelled')
    await node.heard('query:ended', ({ outcome }) => outcome === 'cancelled')
    const told = node.events.length
    clock.advance(300)
    await turns(5)
    expect(node.events.slice(told).filter(({ type }) => type.startsWith('query:'))).toEqual([])
  })
})

it('there is no DHT unless it is asked for', async () => {
  const { port } = startFakePort({ clock: new ManualClock(), lively: false })
  onTestFinished(() => port.stop())
  const params = { query: 'get', subject: 'motd', value: '' } as const
  expect((await failureOf(() => port.request('query', params))).cause).toBe('This node has no DHT')
})

it('a made-up Peer ID stands for the same bytes as a real one', () => {
  const id = fakePeerId(new Random(3))
  expect(Buffer.from(multihashOf(id))).toEqual(Buffer.from(peerIdFromString(id).toMultihash().bytes))
})
