/** Lookups in networks that exist nowhere, so that who knows whom, who lies and who is dead can be chosen. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { PeerId, PeerInfo } from '@libp2p/interface'
import type { QueryEvent } from '@libp2p/kad-dht'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { beforeAll, describe, expect, it } from 'vitest'
import { ALPHA, K, MAX_ASKED, STRAGGLERS_MS } from '../../../src/node/routing/limits.ts'
import { Lookup, type LookupParts, type Question } from '../../../src/node/routing/lookup.ts'
import { compareDistance, distance, placeOf, placeOfKey } from '../../../src/node/routing/places.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { turns, until } from '../../support/peers/until.ts'

const GOAL = placeOfKey(Buffer.from('anything'))
const ADDRESS = multiaddr('/ip4/127.0.0.1/tcp/1')
const path = { index: 0, queued: 0, running: 0, total: 0 }

let self: PeerId
/** Many peers, the closest to the goal first. */
let peers: PeerInfo[]

beforeAll(async () => {
  const ids = await Promise.all(
    Array.from({ length: 401 }, async () => peerIdFromPrivateKey(await generateKeyPair('Ed25519'))),
  )
  self = ids.pop() as PeerId
  peers = closestFirst(ids.map(id => ({ id, multiaddrs: [ADDRESS] })))
})

function closestFirst(some: readonly PeerInfo[]): PeerInfo[] {
  const far = ({ id }: PeerInfo) => distance(placeOf(id), GOAL)
  return [...some].sort((a, b) => compareDistance(far(a), far(b)))
}

const names = (some: readonly { id: PeerId }[]) => some.map(({ id }) => id.toString())
const never = () => new Promise<never>(() => {})

interface World {
  /** Whom a peer names; undefined: it never answers. */
  knows(peer: PeerInfo, question: Question): readonly PeerInfo[] | undefined
  start: readonly PeerInfo[]
}

/** A lookup in such a world, and what it did. */
function lookup({ knows, start }: World, change: Partial<LookupParts> = {}) {
  const clock = new ManualClock()
  const asked: PeerInfo[] = []
  const answered: PeerId[] = []
  const failed: PeerId[] = []
  const ended: PeerInfo[] = []
  let most = 0
  let running = 0
  async function* ask(question: Question): AsyncGenerator<QueryEvent> {
    const { peer, signal } = question
    asked.push(peer)
    running += 1
    most = Math.max(most, running)
    signal.addEventListener('abort', () => ended.push(peer))
    try {
      const closer = knows(peer, question)
      if (closer === undefined) await never()
      await Promise.resolve()
      yield { name: 'PEER_RESPONSE', from: peer.id, closer, providers: [], path } as unknown as QueryEvent
    } finally {
      running -= 1
    }
  }
  const walk = new Lookup({
    clock,
    self,
    goal: GOAL,
    start,
    ask,
    meet: async ({ multiaddrs }) => multiaddrs.length > 0,
    answered: peer => answered.push(peer),
    failed: peer => failed.push(peer),
    signal: new AbortController().signal,
    ...change,
  })
  return { events: walk.run(), clock, asked, answered, failed, ended, most: () => most }
}

async function all(events: AsyncIterable<QueryEvent>): Promise<QueryEvent[]> {
  const got: QueryEvent[] = []
  for await (const event of events) got.push(event)
  return got
}

describe('a lookup', () => {
  it.each([1, 2, 3, 20, 400])(
    'in a network of %i asks the k closest, whoever it begins with',
    async count => {
      const there = peers.slice(0, count)
      // Each knows the next ones on a ring: nobody knows all, and those named are often not closer.
      const ring = [...there].sort((a, b) => (a.id.toString() < b.id.toString() ? -1 : 1))
      const knows = (peer: PeerInfo) => {
        const place = ring.indexOf(peer)
        return closestFirst([...ring, ...ring].slice(place + 1, place + 1 + Math.max(30, count / 3))).slice(
          0,
          K,
        )
      }
      const walk = lookup({ knows, start: ring.slice(0, 1) })
      await all(walk.events)
      const reached = walk.answered.map(id => id.toString())
      expect(names(there.slice(0, K)).filter(name => !reached.includes(name))).toEqual([])
      expect(walk.most()).toBeLessThanOrEqual(ALPHA)
      expect(new Set(names(walk.asked)).size).toBe(walk.asked.length)
    },
  )

  it('asks a peer that is farther than the one who named it', async () => {
    const [near, far] = [peers[0], peers[300]] as [PeerInfo, PeerInfo]
    const walk = lookup({ knows: peer => (peer === near ? [far] : []), start: [near] })
    await all(walk.events)
    expect(names(walk.asked)).toEqual(names([near, far]))
  })

  it('says an answer at once, though others are silent, and waits two seconds for these', async () => {
    const [quick, silent] = peers as [PeerInfo, PeerInfo]
    const walk = lookup({ knows: peer => (peer === quick ? [] : undefined), start: [quick, silent] })
    expect(await walk.events.next()).toMatchObject({ value: { name: 'PEER_RESPONSE', from: quick.id } })
    const rest = all(walk.events)
    await turns(5)
    walk.clock.advance(STRAGGLERS_MS - 1)
    await turns(5)
    expect(walk.ended).toEqual([])
    walk.clock.advance(1)
    expect(await rest).toMatchObject([
      { name: 'QUERY_ERROR', from: silent.id, error: { name: 'TimeoutError' } },
    ])
    expect(names(walk.ended)).toEqual(names([silent]))
    expect(walk.failed).toEqual([silent.id])
  })

  it('does not lose its patience while nobody has answered', async () => {
    const walk = lookup({ knows: () => undefined, start: peers.slice(0, 1) })
    const first = walk.events.next()
    await until(() => walk.asked.length === 1)
    walk.clock.advance(STRAGGLERS_MS * 10)
    await turns(5)
    expect(walk.ended).toEqual([])
    void first
  })

  it('takes the next ones in the place of those that fail', async () => {
    const dead = new Set(names(peers.slice(0, 5)))
    const walk = lookup({
      start: peers.slice(0, K),
      knows: peer => {
        if (dead.has(peer.id.toString())) throw new Error('gone')
        return peers.slice(0, 40)
      },
    })
    await all(walk.events)
    expect(names(walk.answered.map(id => ({ id })))).toEqual(
      expect.arrayContaining(names(peers.slice(5, 15))),
    )
    expect(walk.failed.map(String).sort()).toEqual([...dead].sort())
  })

  it('does not dial what has no address', async () => {
    const nowhere = { ...(peers[0] as PeerInfo), multiaddrs: [] }
    const walk = lookup({ knows: () => [], start: [nowhere] })
    expect(await all(walk.events)).toMatchObject([{ name: 'QUERY_ERROR', from: nowhere.id }])
    expect(walk.asked).toEqual([])
  })

  it('follows no more than k of the thousands that a liar names', async () => {
    const liar = peers[399] as PeerInfo
    const walk = lookup({ knows: peer => (peer === liar ? peers.slice(0, 399) : []), start: [liar] })
    await all(walk.events)
    expect(walk.asked.length).toBe(1 + K)
  })

  it('comes to an end though each names others for ever', async () => {
    const chain = [...peers].reverse()
    const walk = lookup({
      start: chain.slice(0, 1),
      knows: peer => chain.slice(chain.indexOf(peer) + 1, chain.indexOf(peer) + 2),
    })
    await all(walk.events)
    expect(walk.asked.length).toBe(MAX_ASKED)
  })

  it('never asks us', async () => {
    const start = peers.slice(0, 1)
    const walk = lookup({ knows: () => [{ id: self, multiaddrs: [ADDRESS] }], start })
    await all(walk.events)
    expect(names(walk.asked)).toEqual(names(start))
  })

  it('stops asking when it is called off, and blames nobody for it', async () => {
    const controller = new AbortController()
    const walk = lookup({ knows: () => undefined, start: peers.slice(0, 30) }, { signal: controller.signal })
    const told = all(walk.events)
    await until(() => walk.asked.length === ALPHA)
    controller.abort(new Error('Cancelled'))
    await expect(told).rejects.toThrow('Cancelled')
    await turns(5)
    expect(walk.ended.length).toBe(ALPHA)
    expect([walk.asked.length, walk.failed.length]).toEqual([ALPHA, 0])
  })

  it('stops asking when nobody listens any more, and blames nobody for it', async () => {
    const start = peers.slice(0, ALPHA)
    const walk = lookup({ knows: peer => (peer === start[0] ? [] : undefined), start })
    for await (const _ of walk.events) break
    await turns(5)
    expect(walk.ended.length).toBe(ALPHA - 1)
    expect(walk.failed).toEqual([])
  })
})
