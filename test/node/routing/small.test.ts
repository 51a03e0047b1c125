/** DHTs of one, two and three servers on loopback; and what happens when one of them lies, is silent or goes away. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Libp2p } from '@libp2p/interface'
import { Record as DhtRecord } from '@libp2p/kad-dht'
import { base32 } from 'multiformats/bases/base32'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Params } from '../../../src/core/requests.ts'
import { safeText } from '../../../src/core/safe-text.ts'
import { failureOf } from '../../support/failures.ts'
import { manyPeers, startServer, TEST_DHT } from '../../support/peers/dht-peers.ts'
import { addressOf, startPeer, stopPeers } from '../../support/peers/peer.ts'
import { until } from '../../support/peers/until.ts'
import { scratchDirectory } from '../../support/scratch.ts'
import { type WatchedNode, watchNode } from '../../support/watched-node.ts'

/** A client, as a node is unless told otherwise. */
const DHT = { network: TEST_DHT, server: false }
const STRANGER = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'

const query = (node: WatchedNode, kind: Params<'query'>['query'], subject: string, value = '') =>
  node.port.request('query', { query: kind, subject, value })

/** Servers of which each has dialed the one before it. */
async function chain(count: number): Promise<Libp2p[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => startServer()))
  onTestFinished(() => stopPeers(servers))
  for (const [index, server] of servers.slice(1).entries())
    await server.dial(addressOf(servers[index] as Libp2p))
  await until(() => servers.length === 1 || servers.every(server => tableSize(server) > 0))
  return servers
}

const tableSize = (peer: Libp2p) =>
  (peer.services.dht as unknown as { routingTable: { size: number } }).routingTable.size

/** A client of the DHT that begins with one peer, once it has that one in its table. */
async function client(begin: Libp2p): Promise<WatchedNode> {
  const bootstrap = [String(addressOf(begin))]
  const node = watchNode({ dht: DHT, bootstrap })
  await node.heard('routing:added')
  return node
}

describe('a small DHT', () => {
  it.each([1, 2, 3])('of %i: a client finds all, stores at all and reads from all', async count => {
    const servers = await chain(count)
    const node = await client(servers[0] as Libp2p)
    const all = servers.map(({ peerId }) => String(peerId)).sort()
    const ids = async (kind: Params<'query'>['query'], subject: string, value = '') =>
      (await query(node, kind, subject, value)).peers.map(({ peerId }) => String(peerId)).sort()
    expect(await ids('closest', 'anything')).toEqual(all)
    expect(await ids('provide', 'hello')).toEqual(all)
    expect(await ids('put', 'motd', 'Guten Morgen')).toEqual(all)
    const read = await query(node, 'get', 'motd')
    expect(read).toMatchObject({ value: { text: 'Guten Morgen' }, answered: count })
    const last = servers.at(-1) as Libp2p
    expect(await ids('find', String(last.peerId))).toEqual([String(last.peerId)])
  })

  it('looks for its neighbours by itself, so that those who never met it know of it', async () => {
    const servers = await chain(3)
    const bootstrap = [String(addressOf(servers[0] as Libp2p))]
    const node = watchNode({ dht: { network: TEST_DHT, server: true }, bootstrap })
    const met = String(servers[2]?.peerId)
    await node.heard('routing:added', ({ peerId }) => peerId === met)
  })

  it('drops a server that went away as soon as it does not answer', async () => {
    const servers = await chain(3)
    const node = await client(servers[0] as Libp2p)
    await query(node, 'closest', 'anything')
    const gone = servers.pop() as Libp2p
    await until(() => node.state().routing.has(String(gone.peerId)))
    await stopPeers([gone])
    const left = await query(node, 'closest', 'anything')
    expect(left.peers.length).toBe(2)
    await node.heard('routing:removed', ({ peerId }) => peerId === String(gone.peerId))
    const told = await node.heard('query:progressed', ({ step }) => step === 'failed')
    expect(told.peerId).toBe(String(gone.peerId))
  })

  it('is asked for a peer that is no longer where it was', async () => {
    const [begin] = (await chain(1)) as [Libp2p]
    const privateKey = await generateKeyPair('Ed25519')
    const before = await startServer(privateKey)
    await before.dial(addressOf(begin))
    const node = await client(begin)
    const id = String(before.peerId)
    await node.port.request('dial', { target: id })
    await stopPeers([before])
    await node.heard('connection:closed', ({ peerId }) => peerId === id)
    const dead = node.port.request('dial', { target: id }, { id: safeText('dead') })
    expect((await failureOf(() => dead)).cause).toMatch(
      /^Nothing listens at .*: the connection was refused\. The DHT knows no other address of it$/,
    )

    const after = await startServer(privateKey)
    onTestFinished(() => stopPeers([after]))
    const identified = new Promise(resolve => begin.addEventListener('peer:identify', resolve))
    await after.dial(addressOf(begin))
    await identified
    const requestId = safeText('moved')
    const { address } = await node.port.request('dial', { target: id }, { id: requestId })
    expect(address).toBe(String(addressOf(after)))
    await node.heard('dial:succeeded', event => event.requestId === requestId)
    const told = node.events.filter(event => event.requestId === requestId).map(({ type }) => type)
    expect(told.filter(type => /^(dial|query):(started|failed|succeeded|ended)$/.test(type))).toEqual([
      'dial:started',
      'dial:failed',
      'query:started',
      'query:ended',
      'dial:started',
      'dial:succeeded',
    ])
  })

  it('is asked for a peer that is to be kept, and of whom no address is known', async () => {
    const [begin] = (await chain(1)) as [Libp2p]
    const node = await client(begin)
    const hidden = await startServer()
    onTestFinished(() => stopPeers([hidden]))
    const identified = new Promise(resolve => begin.addEventListener('peer:identify', resolve))
    await hidden.dial(addressOf(begin))
    await identified
    const peerId = safeText(String(hidden.peerId))
    expect(node.state().peers.has(peerId)).toBe(false)
    await node.port.request('keep', { peerId, on: true })
    await node.heard('connection:opened', event => event.peerId === peerId)
    await node.heard('query:ended', ({ subject, outcome }) => subject === peerId && outcome === 'found')
  })

  it('is told again after a restart what a profile provides, until that is withdrawn', async () => {
    const [begin] = (await chain(1)) as [Libp2p]
    const bootstrap = [String(addressOf(begin))]
    const kept = { dht: DHT, bootstrap, ephemeral: false, dataDir: await scratchDirectory() }
    const first = watchNode(kept)
    await first.heard('routing:added')
    const { subject } = await query(first, 'provide', 'hello')
    await first.port.stop()
    // It has forgotten what it kept.
    await recordsOf(begin).clear()

    const second = watchNode(kept)
    const told = await second.heard('providing:updated', ({ peers }) => peers === 1)
    expect(told).toMatchObject({ cid: subject, announcedAt: expect.any(Number) })
    expect(second.state().providing.get(subject)).toMatchObject({ peers: 1 })
    const other = await client(begin)
    const found = await query(other, 'providers', subject)
    expect(found.peers.map(({ peerId }) => String(peerId))).toEqual([await second.peerId()])

    await second.port.request('withdraw', { cid: subject })
    await second.heard('providing:stopped')
    await second.port.stop()
    const third = watchNode(kept)
    await third.heard('routing:added')
    expect(third.state().providing.size).toBe(0)
    expect(await failureOf(() => third.port.request('withdraw', { cid: subject }))).toMatchObject({
      stage: 'target',
      cause: 'This node does not provide that',
    })
    expect(await failureOf(() => third.port.request('withdraw', { cid: 'nothing' }))).toMatchObject({
      cause: 'nothing is not a CID',
    })
  })

  it('reads the value that most hold, and writes nothing to who holds another', async () => {
    const servers = await chain(3)
    const node = await client(servers[0] as Libp2p)
    await query(node, 'put', 'motd', 'right')
    const liar = recordsOf(servers[2] as Libp2p)
    await liar.put('/app/motd', 'wrong')
    expect((await query(node, 'get', 'motd')).value?.text).toBe('right')
    expect(await liar.get('/app/motd')).toBe('wrong')
  })
})

/** What a server keeps. */
function recordsOf(server: Libp2p) {
  type Store = Record<'put' | 'get', (key: object, value?: Uint8Array) => Promise<Uint8Array>> & {
    query(all: object): AsyncIterable<{ key: object }>
    delete(key: object): Promise<void>
  }
  const { datastore } = (server as unknown as { components: { datastore: Store } }).components
  const nameOf = (key: string) => ({ toString: () => `/dht/record/${base32.baseEncode(Buffer.from(key))}` })
  return {
    put: (key: string, value: string) =>
      datastore.put(
        nameOf(key),
        new DhtRecord(Buffer.from(key), Buffer.from(value), new Date()).serialize().subarray(),
      ),
    clear: async () => {
      for await (const { key } of datastore.query({}))
        if (String(key).startsWith('/dht')) await datastore.delete(key)
    },
    get: async (key: string) =>
      Buffer.from(DhtRecord.deserialize(await datastore.get(nameOf(key))).value).toString(),
  }
}

/** A peer that speaks the DHT's protocol in a way of its own. */
async function odd(
  answer: (stream: Parameters<Parameters<Libp2p['handle']>[1]>[0]) => void,
): Promise<Libp2p> {
  const peer = await startPeer()
  onTestFinished(() => stopPeers([peer]))
  await peer.handle(TEST_DHT, answer, { maxInboundStreams: 100 })
  return peer
}

describe('a DHT with a peer that', () => {
  it.each([
    ['answers with garbage', Uint8Array.of(5, 255, 255, 255, 255, 255)],
    // A length of 3 MiB, and then more than anybody should read.
    ['answers without end', Buffer.concat([Uint8Array.of(0x80, 0x80, 0xc0, 0x01), Buffer.alloc(600_000)])],
  ])('%s: the others answer, it is told and dropped', async (_, bytes) => {
    const servers = await chain(2)
    const liar = await odd(stream => {
      stream.addEventListener('message', () => stream.send(bytes))
    })
    const node = await client(servers[0] as Libp2p)
    await node.port.request('dial', { target: String(addressOf(liar)) })
    await node.heard('routing:added', ({ peerId }) => peerId === String(liar.peerId))
    const { peers } = await query(node, 'closest', 'anything')
    expect(peers.map(({ peerId }) => String(peerId)).sort()).toEqual(
      servers.map(({ peerId }) => String(peerId)).sort(),
    )
    const step = await node.heard('query:progressed', event => event.step === 'failed')
    expect(step.peerId).toBe(String(liar.peerId))
    await node.heard('routing:removed', ({ peerId }) => peerId === String(liar.peerId))
  })

  it('is silent: what the others say comes at once, and the end is not held up for long', async () => {
    const servers = await chain(2)
    const silent = await odd(() => {})
    const node = await client(servers[0] as Libp2p)
    await node.port.request('dial', { target: String(addressOf(silent)) })
    await node.heard('routing:added', ({ peerId }) => peerId === String(silent.peerId))
    const { peers } = await query(node, 'closest', 'anything')
    expect(peers.length).toBe(2)
    const told = await node.heard('query:progressed', ({ step }) => step === 'failed')
    expect(told).toMatchObject({ peerId: String(silent.peerId), cause: 'It did not answer in time' })
  })

  it('names thousands of others: nobody is dialed or remembered but the few that are asked', async () => {
    const named = 3_000
    const liar = await odd(stream => {
      stream.addEventListener('message', () => stream.send(manyPeers(named)))
    })
    const node = await client(liar)
    const { peers } = await query(node, 'closest', 'anything')
    expect(peers.map(({ peerId }) => String(peerId))).toEqual([String(liar.peerId)])
    const told = await node.heard('query:progressed', ({ step }) => step === 'answered')
    expect(told.closer).toBe(named)
    expect(node.state().peers.size).toBeLessThanOrEqual(1 + 20 * 2)
  })

  it('goes away while it is asked: nobody answered, it is said', async () => {
    let questions = 0
    const leaver = await odd(stream => {
      questions += 1
      // The first question is not ours: the node looks for its neighbours.
      if (questions > 1) stream.abort(new Error('gone'))
    })
    const node = await client(leaver)
    await until(() => questions === 1)
    expect(await failureOf(() => query(node, 'find', STRANGER))).toMatchObject({
      stage: 'exchange',
      cause: 'No peer of the DHT answered',
    })
  })

  it('never ends: the deadline does', async () => {
    const silent = await odd(() => {})
    const node = await client(silent)
    const params = { query: 'closest', subject: 'anything', value: '' } as const
    const told = await failureOf(() => node.port.request('query', params, { deadlineMs: 300 }))
    expect(told.cause).toBe('Took longer than 0.3 s')
    await node.heard('query:ended', ({ outcome }) => outcome === 'cancelled')
  })

  it('is asked when the query is called off: its stream is ended', async () => {
    let open = 0
    const silent = await odd(stream => {
      open += 1
      stream.addEventListener('close', () => {
        open -= 1
      })
    })
    const node = await client(silent)
    // It is being asked already: we look for our neighbours.
    await until(() => open === 1)
    const controller = new AbortController()
    const params = { query: 'closest', subject: 'anything', value: '' } as const
    const told = failureOf(() => node.port.request('query', params, { signal: controller.signal }))
    await until(() => open === 2)
    controller.abort()
    expect((await told).cause).toBe('Cancelled')
    await until(() => open === 1)
  })
})
