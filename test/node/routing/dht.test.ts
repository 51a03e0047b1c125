/** Twenty peers on loopback that nobody introduced to each other, and a node of ours that has met one of them. */
import { createHash } from 'node:crypto'
import type { Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../src/core/clock.ts'
import type { Params } from '../../../src/core/requests.ts'
import { safeText } from '../../../src/core/safe-text.ts'
import { startLibp2pPort } from '../../../src/node/libp2p-port.ts'
import { readPlace } from '../../../src/node/routing/subject.ts'
import { failureOf } from '../../support/failures.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { startDht, TEST_DHT } from '../../support/peers/dht-peers.ts'
import { addressOf, stopPeers } from '../../support/peers/peer.ts'
import { LOOPBACK, type WatchedNode, watchNode, watchPort } from '../../support/watched-node.ts'

const STRANGER = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'
const DHT = { network: TEST_DHT, server: true }
const HELLO = 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'

let peers: Libp2p[]
let ours: WatchedNode
let other: WatchedNode

beforeAll(async () => {
  peers = await startDht(20)
  ours = join(0)
  other = join(19)
  for (const node of [ours, other]) {
    await node.heard('routing:added')
    await query(node, 'closest', await node.peerId())
  }
}, 120_000)

afterAll(async () => {
  await Promise.all([ours.port.stop(), other.port.stop()])
  await stopPeers(peers)
})

/** A node of ours that begins with one of the peers. */
function join(index: number): WatchedNode {
  const bootstrap = [String(addressOf(peers[index] as Libp2p))]
  return watchPort(startLibp2pPort({ ...LOOPBACK, dht: DHT, bootstrap }, systemClock))
}

const query = (node: WatchedNode, kind: Params<'query'>['query'], subject: string, value = '') =>
  node.port.request('query', { query: kind, subject, value }, { id: safeText(`${kind} ${subject}`) })

/** Peer IDs by their distance to a key: XOR of SHA-256 sums, as the DHT's specification has it. */
function byDistance(subject: string, peerIds: readonly string[]): string[] {
  const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
  const place = sum(readPlace(subject).key)
  const distance = (peerId: string) =>
    Buffer.from(sum(peerIdFromString(peerId).toMultihash().bytes).map((byte, at) => byte ^ (place[at] ?? 0)))
  return [...peerIds].sort((a, b) => Buffer.compare(distance(a), distance(b)))
}

/** The last peer: at another end of the tree, where we have never been. */
const far = () => peers[18] as Libp2p

describe('a DHT of twenty', () => {
  it('is joined over a bootstrap peer', async () => {
    const first = await ours.heard('peer:discovered')
    expect(first).toMatchObject({ source: 'bootstrap', peerId: String(peers[0]?.peerId) })
    expect(await ours.heard('routing:started')).toMatchObject({ protocol: TEST_DHT, mode: 'server' })
    const added = await ours.heard('routing:added')
    expect(added.bucket).toBeGreaterThanOrEqual(0)
    expect(ours.state().routing.get(added.peerId)).toMatchObject({ bucket: added.bucket })
  })

  it('finds a peer that we never met, and says who was asked and who answered', async () => {
    const id = String(far().peerId)
    const result = await query(ours, 'find', id)
    expect(result.peers).toEqual([{ peerId: id, addresses: [String(addressOf(far()))] }])
    expect(result.asked).toBeGreaterThan(0)
    const ended = await ours.heard('query:ended', ({ requestId }) => requestId === `find ${id}`)
    expect(ended).toMatchObject({ outcome: 'found', asked: result.asked, found: 1 })
    const steps = ours.events.filter(event => event.type === 'query:progressed')
    const answer = steps.find(({ step }) => step === 'answered')
    expect(answer?.tookMs).toBeGreaterThanOrEqual(0)
    expect(steps.some(({ step, peerId }) => step === 'asked' && peerId === answer?.peerId)).toBe(true)
    expect(ours.state().queries.size).toBe(0)
  })

  it('lets a peer be dialed by its Peer ID alone', async () => {
    const id = String((peers[17] as Libp2p).peerId)
    await ours.port.request('dial', { target: id })
    expect(ours.state().peers.get(id)?.presence).toBe('connected')
  })

  it('says which peers are closest to a key', async () => {
    const { peers: found } = await query(ours, 'closest', 'anything')
    const all = [...peers.map(peer => String(peer.peerId)), await other.peerId()]
    const inOrder = byDistance('anything', all)
    expect(found.map(({ peerId }) => String(peerId))).toEqual(inOrder.slice(0, 20))
    expect(found.every(({ addresses }) => addresses.length > 0)).toBe(true)
  })

  it('provides a text under its CID, which a node that never met us finds', async () => {
    const provided = await query(ours, 'provide', 'hello world')
    expect(provided.subject).toBe(HELLO)
    expect(provided.peers.length).toBeGreaterThan(0)
    const found = await query(other, 'providers', HELLO)
    expect(found.peers.map(({ peerId }) => peerId)).toContain(await ours.peerId())
    expect(found.peers[0]?.addresses).toContain(await ours.address())
    // What we know ourselves counts as nobody's answer.
    const own = await query(ours, 'providers', HELLO)
    expect(own.answered).toBeLessThanOrEqual(own.asked)
  })

  it('keeps a value that another node reads', async () => {
    expect((await query(ours, 'put', 'motd', 'Guten Morgen')).peers.length).toBeGreaterThan(0)
    const read = await query(other, 'get', '/app/motd')
    expect(read).toMatchObject({ subject: '/app/motd', value: { text: 'Guten Morgen', encoding: 'text' } })
  })

  it('shows a value that could harm a terminal in base64', async () => {
    const harmful = 'a\u001b[31mb'
    await query(ours, 'put', 'red', harmful)
    const { value } = await query(other, 'get', 'red')
    expect(value).toEqual({ text: Buffer.from(harmful).toString('base64'), encoding: 'base64' })
  })

  it.each([
    ['find', STRANGER, 'Nobody in the DHT knows where this peer is'],
    [
      'providers',
      'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
      'Nobody in the DHT provides it',
    ],
    ['get', 'nowhere', 'The key was not found in the DHT'],
  ] as const)('%s says when there is nothing', async (kind, subject, cause) => {
    expect(await failureOf(() => query(ours, kind, subject))).toMatchObject({ stage: 'resolve', cause })
    const ended = await ours.heard(
      'query:ended',
      event => event.query === kind && event.outcome === 'nothing',
    )
    expect(ended).toMatchObject({ cause, found: 0 })
    expect(ended.asked).toBeGreaterThan(0)
  })

  it('ends a query that is called off', async () => {
    const controller = new AbortController()
    const params = { query: 'closest', subject: 'called off', value: '' } as const
    const id = safeText('called off')
    const told = failureOf(() => ours.port.request('query', params, { id, signal: controller.signal }))
    await ours.heard('query:progressed', ({ requestId }) => requestId === id)
    controller.abort()
    expect(await told).toMatchObject({ stage: 'request', cause: 'Cancelled' })
    await ours.heard('query:ended', event => event.subject === 'called off' && event.outcome === 'cancelled')
    expect(ours.state().queries.size).toBe(0)
  })

  it('waits ten seconds for a first peer, then says how to get one', async () => {
    const clock = new ManualClock()
    const alone = watchPort(startLibp2pPort({ ...LOOPBACK, dht: { network: 'lan', server: false } }, clock))
    onTestFinished(() => alone.port.stop())
    const told = failureOf(() => query(alone, 'find', STRANGER))
    await alone.heard('query:started')
    clock.advance(9_999)
    expect(alone.state().queries.size).toBe(1)
    clock.advance(1)
    expect(await told).toMatchObject({
      cause: 'No peer of this DHT is connected',
      hint: 'Dial one that serves the DHT, or start with --bootstrap <multiaddr>',
    })
    expect(await alone.heard('query:ended')).toMatchObject({ outcome: 'failed', asked: 0 })
  })

  it.each([
    ['find', 'nobody', '', 'nobody is not a Peer ID'],
    ['providers', 'bafy', '', 'bafy is not a CID'],
    ['provide', `${HELLO}x`, '', `${HELLO}x is not a CID`],
    ['put', 'key', '', 'There is nothing to put'],
    ['put', 'key', 'x'.repeat(8193), 'The value is longer than 8192 bytes'],
    ['put', '/ipns/x', 'y', '/ipns/x is not a key that this DHT keeps'],
    ['get', '/pk/nobody', '', 'nobody is not a Peer ID'],
  ] as const)('%s %s is told why not', async (kind, subject, value, cause) => {
    expect(await failureOf(() => query(ours, kind, subject, value))).toMatchObject({
      stage: 'target',
      cause,
    })
  })
})

it('is off unless asked for, and says how to have one', async () => {
  const node = watchNode()
  const { cause, hint } = await failureOf(() => query(node, 'find', STRANGER))
  expect(cause).toBe('This node has no DHT')
  expect(hint).toContain('--dht lan')
})

it('refuses what the public DHT does not keep, without asking anybody', async () => {
  const node = watchNode({ dht: { network: 'public', server: false } })
  expect(await failureOf(() => query(node, 'put', 'motd', 'x'))).toMatchObject({
    cause: 'The public DHT keeps no records like this one',
  })
  expect(node.events.filter(({ type }) => type === 'query:started')).toEqual([])
})

it('says when no bootstrap peer could be reached', async () => {
  const node = watchNode({ bootstrap: ['/ip4/127.0.0.1/tcp/1'] })
  expect(await node.heard('dial:failed')).toMatchObject({ target: '/ip4/127.0.0.1/tcp/1' })
  expect(await node.heard('warning:raised')).toMatchObject({
    topic: 'dht',
    cause: 'The bootstrap peer could not be reached',
  })
})
