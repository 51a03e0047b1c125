/** Peers of the DHT that name others at a place where somebody takes connections and never says a word. */
import type { Socket } from 'node:net'
import type { Libp2p } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { expect, it, onTestFinished } from 'vitest'
import { MOST_TO_ONE_HOST } from '../../src/node/transport/dial-turns.ts'
import { manyPeers, TEST_DHT } from '../support/peers/dht-peers.ts'
import { addressOf, startPeer, stopPeers } from '../support/peers/peer.ts'
import { startServer } from '../support/peers/servers.ts'
import { until } from '../support/peers/until.ts'
import { watchNode } from '../support/watched-node.ts'

/** Each query asks ten peers at once: three of them want more than one host may have. */
const SUBJECTS = ['one', 'two', 'three']
const LIARS = 3
const NAMED_BY_EACH = 4

/** A server that says nothing. `open`: who is connected now; `most`: were at once. */
async function startTrap() {
  const here = new Set<Socket>()
  const seen = { most: 0 }
  const { address, close } = await startServer(socket => {
    here.add(socket)
    for (const event of ['end', 'close']) socket.once(event, () => here.delete(socket))
    socket.resume()
    // One that has left in the same turn may be heard of after one that came for it.
    setImmediate(() => {
      seen.most = Math.max(seen.most, here.size)
    })
  })
  onTestFinished(close)
  return { seen, open: () => here.size, at: multiaddr(address) }
}

/** Answers every question with peers that nobody has heard of, all of them in one place. */
async function startLiar(at: Multiaddr): Promise<Libp2p> {
  const liar = await startPeer()
  await liar.handle(TEST_DHT, stream => {
    stream.addEventListener('message', () => void stream.send(manyPeers(NAMED_BY_EACH, at)))
  })
  return liar
}

it('peers at a silent place have few sockets of ours, none for long, and do not hold up a dial of our own', async () => {
  const { seen, open, at } = await startTrap()
  const liars = await Promise.all(Array.from({ length: LIARS }, () => startLiar(at)))
  // On the same host as the trap.
  const friend = await startPeer()
  onTestFinished(() => stopPeers([...liars, friend]))
  const node = watchNode({ dht: { network: TEST_DHT, server: false } })
  for (const liar of liars) {
    await node.port.request('dial', { target: addressOf(liar).toString() })
    await node.heard('routing:added', ({ peerId }) => peerId === liar.peerId.toString())
  }
  const queries = SUBJECTS.map(subject =>
    node.port.request('query', { query: 'closest', subject, value: '' } as never).catch(() => undefined),
  )
  await until(() => seen.most >= MOST_TO_ONE_HOST)

  const { peerId } = await node.port.request('dial', { target: addressOf(friend).toString() })
  expect(peerId).toBe(friend.peerId.toString())

  await Promise.all(queries)
  await until(() => open() === 0)
  expect(seen.most).toBe(MOST_TO_ONE_HOST)
})
