/** The swarm that the figures of the screen are measured with: made up, and the same in every run. */
import type { NewEvent } from '../../src/core/events.ts'
import { safeText, say } from '../../src/core/safe-text.ts'
import { listensAt, withPeerId } from '../../src/node/fake/addresses.ts'
import { type FakePeer, makeCast } from '../../src/node/fake/cast.ts'
import { fakePeerId } from '../../src/node/fake/peer-id.ts'
import { micros, Random } from '../../src/node/fake/random.ts'

const SEED = 20_261
/** Pings of each connected peer before anything is measured: as many as a wide TREND column shows. */
const PINGS_BEFORE = 24

/** Everyone in a swarm of this size. A larger swarm has the smaller one's peers at its beginning. */
export function swarmPeers(count: number): FakePeer[] {
  return makeCast(new Random(SEED), count)
}

/** The events of a node that has started, has heard all peers on the local network, and is connected to the first few. */
export function* opening(peers: readonly FakePeer[], connected: number): Generator<NewEvent> {
  const random = new Random(SEED)
  const self = fakePeerId(random)
  yield { type: 'node:started', peerId: self, agentVersion: say`p2p-tui/bench` }
  yield { type: 'listen:opened', address: withPeerId(say`/ip4/192.168.1.20/tcp/4001`, self) }
  for (const peer of peers) yield discovered(peer)
  for (const peer of peers.slice(0, connected)) {
    yield connectionOpened(peer)
    yield identified(peer)
    for (let n = 0; n < PINGS_BEFORE; n += 1) yield pinged(peer, rttOf(peer, random))
  }
}

/** A round trip to a peer, around its typical one. */
export function rttOf(peer: FakePeer, random: Random): number {
  return micros(peer.rttMs * Math.exp(0.12 * random.normal()))
}

export function discovered(peer: FakePeer): NewEvent {
  return { type: 'peer:discovered', peerId: peer.peerId, source: 'mdns', addresses: [listensAt(peer)] }
}

export function connectionOpened(peer: FakePeer): NewEvent {
  return {
    type: 'connection:opened',
    peerId: peer.peerId,
    connectionId: connectionOf(peer),
    address: withPeerId(listensAt(peer), peer.peerId),
    direction: peer.port % 2 === 0 ? 'inbound' : 'outbound',
    transport: say`tcp`,
    encryption: say`/noise`,
    muxer: say`/yamux/1.0.0`,
  }
}

export function identified(peer: FakePeer): NewEvent {
  const { peerId, agentVersion, protocols } = peer
  return {
    type: 'peer:identified',
    peerId,
    connectionId: connectionOf(peer),
    agentVersion,
    protocols: [...protocols],
    addresses: [listensAt(peer)],
  }
}

export function pinged({ peerId }: FakePeer, rttMs: number): NewEvent {
  return { type: 'ping:succeeded', peerId, rttMs, cold: false, requestId: say`asked` }
}

/** The id of the one connection to a peer. */
export function connectionOf({ peerId }: FakePeer) {
  return safeText(`to-${peerId.slice(-8)}`)
}
