import fc from 'fast-check'
import type { NewEvent, NodeEvent } from '../../src/core/events.ts'
import { type SafeText, say } from '../../src/core/safe-text.ts'
import { reduceSwarm } from '../../src/store/swarm/reduce.ts'
import { EMPTY_SWARM, type SwarmState } from '../../src/store/swarm/state.ts'

/** Numbers events as a hub does, a second apart from time 1000 on. */
export function numbered(...events: NewEvent[]): NodeEvent[] {
  return events.map(
    (event, index) => ({ v: 1, seq: index + 1, time: 1000 * (index + 1), ...event }) as NodeEvent,
  )
}

/** The state after some events. */
export function stateAfter(...events: NewEvent[]): SwarmState {
  return numbered(...events).reduce(reduceSwarm, EMPTY_SWARM)
}

const one = <const T>(...choices: T[]) => fc.constantFrom(...choices)
const text = (...choices: string[]) => fc.constantFrom(...(choices as SafeText[]))
const peerId = text('alice', 'bob', 'carol')
const connectionId = text('c1', 'c2', 'c3')
const circuitId = text('k1', 'k2')
const address = text('/ip4/127.0.0.1/tcp/1', '/ip4/127.0.0.1/tcp/2')
const addresses = fc.array(address, { maxLength: 3 })
const source = one('mdns', 'inbound', 'dialed', 'known')
const failure = { stage: one('connect', 'encrypt'), cause: text('no'), hint: text('try') }
const figure = fc.nat({ max: 1000 })
const traffic = { bytesIn: figure, bytesOut: figure, rateIn: figure, rateOut: figure }
const dial = { target: text('/ip4/127.0.0.1/tcp/1', 'alice'), requestId: text('r1', 'r2') }
const direction = one('inbound', 'outbound')
const stream = { peerId, connectionId, streamId: text('s1', 's2'), protocol: text('/a', '/b'), direction }

const event = <T extends NewEvent['type']>(type: T, fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ type: fc.constant(type), ...fields }) as unknown as fc.Arbitrary<NewEvent>

/** Any event over a few peers, connections and dials, possible or not. */
export const anyEvent: fc.Arbitrary<NewEvent> = fc.oneof(
  event('node:started', { peerId, agentVersion: text('x') }),
  event('node:stopped', { reason: text('asked') }),
  event('listen:opened', { address }),
  event('listen:closed', { address }),
  event('peer:discovered', { peerId, addresses, source }),
  event('peer:refreshed', { peerId, addresses, source }),
  event('peer:expired', { peerId, addresses, source, reason: one('ttl', 'goodbye') }),
  event('peer:identified', {
    peerId,
    connectionId,
    agentVersion: text('x'),
    protocols: fc.constant([say`/a`]),
    addresses,
  }),
  event('peer:unidentified', { peerId, connectionId, cause: text('no') }),
  event('peer:updated', { peerId, addresses, protocols: fc.array(text('/a', '/b'), { maxLength: 2 }) }),
  event('peer:forgotten', { peerId }),
  event('dial:started', { ...dial, peerId }),
  event('dial:progressed', { ...dial, stage: failure.stage, elapsedMs: figure }),
  event('dial:succeeded', {
    ...dial,
    peerId,
    connectionId,
    address,
    durationMs: figure,
    existing: fc.boolean(),
  }),
  event('dial:failed', { ...dial, ...failure, peerId, durationMs: figure, attempts: fc.constant([]) }),
  event('connection:opened', {
    peerId,
    connectionId,
    address,
    direction,
    transport: text('tcp'),
    encryption: text('/noise'),
    muxer: text('/yamux/1.0.0'),
  }),
  event('connection:closed', {
    peerId,
    connectionId,
    reason: text('bye'),
    durationMs: figure,
    bytesIn: figure,
    bytesOut: figure,
  }),
  event('stream:opened', stream),
  event('stream:closed', { ...stream, reason: text('bye'), bytesIn: figure, bytesOut: figure }),
  event('ping:started', { peerId, intervalMs: one(1000) }),
  event('ping:stopped', { peerId }),
  event('ping:succeeded', { peerId, rttMs: figure, cold: fc.boolean() }),
  event('ping:failed', { peerId, kind: one('timeout'), cause: text('late') }),
  event('ping:answered', { peerId }),
  event('traffic:sampled', {
    periodMs: one(1000),
    total: fc.record(traffic),
    connections: fc.array(fc.record({ connectionId, peerId, ...traffic }), { maxLength: 2 }),
    peers: fc.array(fc.record({ peerId, ...traffic }), { maxLength: 2 }),
    protocols: fc.array(fc.record({ protocol: text('/a', '/b'), ...traffic }), { maxLength: 2 }),
    streams: fc.array(fc.record({ streamId: stream.streamId, connectionId, ...traffic }), { maxLength: 2 }),
  }),
  event('connection:upgraded', { peerId, connectionId, relayedConnectionId: connectionId }),
  event('relay:reserved', { peerId, addresses, expiresAt: figure, renewed: fc.boolean() }),
  event('relay:failed', { peerId, ...failure }),
  event('relay:lost', { peerId, reason: text('gone') }),
  event('relay:granted', {
    peerId,
    expiresAt: figure,
    limitBytes: figure,
    limitMs: figure,
    renewed: fc.boolean(),
  }),
  event('relay:refused', { peerId, reason: text('full') }),
  event('relay:released', { peerId, reason: text('expired') }),
  event('relay:awaited', { peerId, attempts: figure, nextInMs: figure }),
  event('relay:unwanted', { peerId }),
  event('relay:started', { reservations: figure, circuits: figure, limitBytes: figure, limitMs: figure }),
  event('circuit:opened', { circuitId, peerId, toPeerId: peerId, limitBytes: figure, limitMs: figure }),
  event('circuit:measured', { circuitId, peerId, toPeerId: peerId, bytesTo: figure, bytesBack: figure }),
  event('circuit:closed', {
    circuitId,
    peerId,
    toPeerId: peerId,
    bytesTo: figure,
    bytesBack: figure,
    reason: text('over'),
    durationMs: figure,
  }),
  event('circuit:refused', { peerId, toPeerId: peerId, reason: text('full') }),
  event('punch:started', { peerId }),
  event('punch:tried', { peerId, how: one('dial', 'punch'), attempt: one(2), attempts: one(3), addresses }),
  event('punch:succeeded', { peerId, address, durationMs: figure }),
  event('punch:failed', { peerId, cause: text('no'), hint: text('try'), durationMs: figure }),
  event('address:learned', { address, how: one('observed', 'upnp', 'relay'), peerId }),
  event('address:lost', { address, reason: text('gone') }),
  event('autonat:started', { asks: fc.boolean(), answers: fc.boolean() }),
  event('autonat:asked', { peerId, address }),
  event('autonat:refused', { peerId, address, cause: text('no') }),
  event('autonat:answered', { peerId, address, reachable: fc.boolean() }),
  event('upnp:unmapped', { address, reason: text('stopped') }),
  event('address:checked', { address, reachable: fc.boolean(), peerId }),
  event('upnp:mapped', { address }),
  event('upnp:failed', failure),
  event('routing:started', { protocol: text('/kad'), mode: one('client', 'server') }),
  event('routing:added', { peerId, bucket: figure }),
  event('routing:removed', { peerId }),
  event('routing:refreshed', {
    heard: fc.array(fc.record({ peerId, at: figure }), { maxLength: 3 }),
    buckets: fc.array(fc.record({ bucket: figure, at: figure }), { maxLength: 3 }),
  }),
  event('providing:updated', { cid: text('bafya', 'bafyb'), since: figure, peers: figure, nextAt: figure }),
  event('providing:stopped', { cid: text('bafya', 'bafyb') }),
  event('limits:set', {
    connections: figure,
    perHost: figure,
    hostRate: figure,
    pending: figure,
    dials: figure,
    streams: figure,
    inbound: figure,
    allBuffered: figure,
  }),
  event('limits:offenders', {
    offenders: fc.array(
      fc.record({
        limit: one('frames', 'hostPending'),
        action: one('refused', 'closed'),
        host: text('192.0.2.1', '192.0.2.2'),
        reason: text('Too many'),
        count: figure,
        perSecond: figure,
      }),
      { maxLength: 2 },
    ),
  }),
  event('limit:exceeded', {
    limit: one('frames', 'streams', 'replies'),
    action: one('refused', 'dropped', 'closed'),
    host: text('192.0.2.1', '192.0.2.2'),
    reason: text('too much'),
    count: figure,
  }),
  event('limits:sampled', {
    connections: figure,
    inbound: figure,
    perHost: figure,
    pending: figure,
    dials: figure,
  }),
  event('connection:refused', {
    direction,
    reason: text('full'),
    limit: one('pending', 'hostRate'),
    count: figure,
  }),
  event('stream:refused', { peerId, reason: text('full'), limit: one('streams'), count: figure }),
  event('query:started', { query: one('find', 'get'), subject: text('k'), requestId: dial.requestId }),
  event('query:progressed', {
    query: one('find', 'get'),
    peerId,
    step: one('asked', 'answered', 'failed'),
    elapsedMs: figure,
    requestId: dial.requestId,
  }),
  event('query:found', { query: one('find'), peerId, addresses, requestId: dial.requestId }),
  event('query:ended', {
    query: one('find'),
    subject: text('k'),
    outcome: one('found', 'nothing'),
    asked: figure,
    answered: figure,
    found: figure,
    durationMs: figure,
    requestId: dial.requestId,
  }),
  event('name:given', { peerId, name: text('anna', 'berta') }),
  event('name:taken', { peerId, name: text('anna') }),
  event('keep:started', { peerId }),
  event('keep:tried', { peerId, attempt: figure, cause: text('no'), nextInMs: figure }),
  event('keep:stopped', { peerId, reason: text('asked') }),
  event('warning:raised', { topic: one('mdns', 'node'), cause: text('hm'), hint: text('well') }),
  event('warning:cleared', { topic: one('mdns', 'node') }),
)
