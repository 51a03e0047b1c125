/**
 * What goes on in a swarm, without an end: pings, streams, dials stage by stage, peers that come and go, in about the
 * shares in which a node with a few dozen connections says them. The same for the same seed.
 */
import type { NewEvent } from '../../src/core/events.ts'
import { safeText, say } from '../../src/core/safe-text.ts'
import { listensAt, withPeerId } from '../../src/node/fake/addresses.ts'
import type { FakePeer } from '../../src/node/fake/cast.ts'
import { micros, Random } from '../../src/node/fake/random.ts'
import { connectionOf, connectionOpened, discovered, identified, pinged, rttOf } from './swarm.ts'

type Happening = (peer: FakePeer, random: Random, count: number) => NewEvent[]

/** Each as often as it stands here. */
const HAPPENINGS: readonly [Happening, ...Happening[]] = [
  ping,
  ping,
  ping,
  ping,
  ping,
  ping,
  stream,
  stream,
  reconnect,
  heardAgain,
  failedPing,
  failedDial,
]

/** Events that follow on those of `opening` for the same peers. @throws {RangeError} without peers */
export function* happenings(peers: readonly FakePeer[], seed: number): Generator<NewEvent, never> {
  const random = new Random(seed)
  const [first, ...others] = peers
  if (first === undefined) throw new RangeError('nothing happens without peers')
  for (let count = 0; ; count += 1) {
    yield* random.pick(HAPPENINGS)(random.pick([first, ...others]), random, count)
  }
}

/** The next so many of them. */
export function take(events: Iterator<NewEvent, never>, count: number): NewEvent[] {
  return Array.from({ length: count }, () => events.next().value)
}

function ping(peer: FakePeer, random: Random): NewEvent[] {
  return [pinged(peer, rttOf(peer, random))]
}

function stream(peer: FakePeer, random: Random, count: number): NewEvent[] {
  const about = {
    peerId: peer.peerId,
    connectionId: connectionOf(peer),
    streamId: safeText(`s${count}`),
    protocol: peer.protocols[random.whole(0, peer.protocols.length)] ?? say`/ipfs/id/1.0.0`,
    direction: random.chance(0.5) ? 'inbound' : 'outbound',
  } as const
  const bytes = { bytesIn: random.whole(40, 9000), bytesOut: random.whole(40, 9000) }
  return [
    { type: 'stream:opened', ...about },
    { type: 'stream:closed', ...about, reason: say`done`, ...bytes },
  ]
}

/** A connection ends, and another is dialed. */
function reconnect(peer: FakePeer, random: Random, count: number): NewEvent[] {
  const target = withPeerId(listensAt(peer), peer.peerId)
  const dial = { target, requestId: safeText(`d${count}`) }
  const connectMs = rttOf(peer, random)
  const connectionId = connectionOf(peer)
  return [
    {
      type: 'connection:closed',
      peerId: peer.peerId,
      connectionId,
      reason: random.chance(0.5) ? say`The other side closed it` : say`The other side reset it`,
      durationMs: random.whole(1000, 600_000),
      bytesIn: random.whole(900, 90_000),
      bytesOut: random.whole(900, 90_000),
    },
    { type: 'dial:started', ...dial, peerId: peer.peerId },
    { type: 'dial:progressed', ...dial, stage: 'connect', elapsedMs: connectMs },
    { type: 'dial:progressed', ...dial, stage: 'encrypt', elapsedMs: micros(connectMs * 2.1) },
    { type: 'dial:progressed', ...dial, stage: 'multiplex', elapsedMs: micros(connectMs * 3.2) },
    connectionOpened(peer),
    {
      type: 'dial:succeeded',
      ...dial,
      peerId: peer.peerId,
      connectionId,
      address: listensAt(peer),
      durationMs: micros(connectMs * 3.4),
      existing: false,
    },
    identified(peer),
  ]
}

function heardAgain(peer: FakePeer): NewEvent[] {
  return [discovered(peer)]
}

function failedPing({ peerId }: FakePeer): NewEvent[] {
  return [{ type: 'ping:failed', peerId, kind: 'timeout', cause: say`No answer within 5 s` }]
}

function failedDial(peer: FakePeer, random: Random, count: number): NewEvent[] {
  const target = safeText(`/ip4/198.51.100.${random.whole(1, 250)}/tcp/${peer.port}`)
  const dial = { target, requestId: safeText(`f${count}`) }
  return [
    { type: 'dial:started', ...dial },
    {
      type: 'dial:failed',
      ...dial,
      stage: 'connect',
      cause: say`Nothing listens there`,
      hint: say`Check the port`,
      durationMs: rttOf(peer, random),
      attempts: [],
    },
  ]
}
