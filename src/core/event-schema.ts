/**
 * Every NodeEvent there is. The types, the JSON schema and docs/events.md come from this file.
 *
 * Nothing on the way to the first frame imports this file's values (the schema library costs start-up time): take
 * types and constants from events.ts.
 */
import { z } from 'zod'
import { keepingPayloads } from './event-schema/keeping.ts'
import { limitPayloads, refusal } from './event-schema/limits.ts'
import { reachPayloads } from './event-schema/reach.ts'
import { relayPayloads } from './event-schema/relays.ts'
import { routingPayloads } from './event-schema/routing.ts'
import { EVENT_VERSION, SOURCES, WARNING_TOPICS } from './event-terms.ts'
import { bytes, direction, durationMs, epochMs, failure, multiaddr, peerId, text, traffic } from './schema.ts'

const source = z
  .enum(SOURCES)
  .describe(
    'mdns: heard on the local network; inbound: it dialed us; dialed: we dialed it; known: from an earlier run; dht: found by a query; bootstrap: given to begin with',
  )
const topic = z.enum(WARNING_TOPICS)
const connectionId = text.describe("the connection's id, unique in this run")
const streamId = text.describe("the stream's id, unique in this run")
const protocol = text.describe('protocol id, e.g. /ipfs/ping/1.0.0')
const addresses = z.array(multiaddr)

/** Fields of each type of event, beside the ones that all have. */
const payloads = {
  'node:started': {
    peerId,
    agentVersion: text,
    profile: text.optional().describe('absent: an ephemeral identity'),
  },
  'node:stopped': { reason: text },

  'listen:opened': { address: multiaddr.describe('with /p2p/ at its end') },
  'listen:closed': { address: multiaddr },
  'listen:failed': { address: multiaddr, ...failure },

  'peer:discovered': {
    peerId,
    addresses,
    source,
    earlier: z
      .array(z.strictObject({ source, firstSeen: epochMs, lastSeen: epochMs }))
      .optional()
      .describe('known: who told of it in earlier runs, and when'),
  },
  'peer:refreshed': { peerId, addresses, source },
  'peer:expired': {
    peerId,
    addresses,
    source,
    reason: z.enum(['ttl', 'goodbye']).describe('ttl: not heard in time; goodbye: it said that it leaves'),
  },
  'peer:identified': {
    peerId,
    connectionId,
    agentVersion: text.optional(),
    protocolVersion: text.optional(),
    protocols: z.array(protocol),
    addresses: addresses.describe('where the peer says it listens'),
    observedAddress: multiaddr.optional().describe('where the peer sees us'),
  },
  'peer:unidentified': { peerId, connectionId, cause: text },
  'peer:updated': { peerId, addresses, protocols: z.array(protocol) },
  'peer:forgotten': {
    peerId,
    asked: z.boolean().optional().describe('true: a person wanted it; absent: to make room'),
  },

  'dial:started': { target: text, peerId: peerId.optional() },
  'dial:progressed': {
    target: text,
    stage: failure.stage,
    elapsedMs: durationMs.describe('since the dial started'),
    detail: text.optional(),
  },
  'dial:succeeded': {
    target: text,
    peerId,
    connectionId,
    address: multiaddr.describe('the one that won'),
    durationMs,
    others: z
      .array(z.strictObject({ address: multiaddr, cause: text.optional() }))
      .optional()
      .describe('the other addresses that it could have been; with a cause: tried, and failed'),
    existing: z.boolean().describe('true: a connection was open already and no dial was needed'),
  },
  'dial:failed': {
    target: text,
    peerId: peerId.optional(),
    ...failure,
    durationMs,
    attempts: z
      .array(z.strictObject({ address: multiaddr, cause: text }))
      .describe('the addresses tried and why each failed'),
  },

  'connection:opened': {
    peerId,
    connectionId,
    address: multiaddr,
    direction,
    transport: text.describe('e.g. tcp'),
    encryption: text.describe('e.g. /noise'),
    muxer: text.describe('e.g. /yamux/1.0.0'),
    relayed: z.boolean().optional().describe('true: through a relay, within the limits; absent: direct'),
    limitBytes: bytes.optional(),
    limitMs: durationMs.optional(),
  },
  'connection:upgraded': {
    peerId,
    connectionId: connectionId.describe('the direct connection'),
    relayedConnectionId: connectionId.describe('the relayed one that it takes the place of'),
  },
  'connection:closed': { peerId, connectionId, reason: text, durationMs, bytesIn: bytes, bytesOut: bytes },
  'connection:refused': {
    direction,
    address: multiaddr.optional(),
    peerId: peerId.optional(),
    reason: text,
    limit: refusal.limit.optional(),
    count: refusal.count,
  },
  'connection:pruned': { peerId, connectionId, reason: text },

  'stream:opened': { peerId, connectionId, streamId, protocol, direction },
  'stream:closed': {
    peerId,
    connectionId,
    streamId,
    protocol,
    direction,
    reason: text,
    bytesIn: bytes,
    bytesOut: bytes,
  },

  'ping:started': { peerId, intervalMs: durationMs.describe('pings go on at this pace until ping:stopped') },
  'ping:stopped': { peerId },
  'ping:succeeded': {
    peerId,
    rttMs: z.number().nonnegative().describe('milliseconds with microsecond digits'),
    cold: z.boolean().describe('the first one on a new stream: it pays for what later ones find ready'),
  },
  'ping:failed': {
    peerId,
    kind: z.enum(['unsupported', 'timeout', 'garbage', 'closed', 'unreachable']),
    cause: text,
  },
  'ping:answered': { peerId, connectionId: connectionId.optional() },

  'traffic:sampled': {
    periodMs: durationMs,
    total: z.strictObject(traffic),
    connections: z
      .array(z.strictObject({ connectionId, peerId, ...traffic }))
      .describe('those whose figures changed since the last sample'),
    peers: z
      .array(z.strictObject({ peerId, ...traffic }))
      .describe('those whose figures changed, over all their connections, past and present'),
    protocols: z
      .array(z.strictObject({ protocol, ...traffic }))
      .describe('those whose figures changed since the last sample'),
    streams: z
      .array(z.strictObject({ streamId, connectionId, ...traffic }))
      .describe(
        'open ones whose figures changed, without the bytes of the frames around them; of more than 256 those that waited longest, the others in the next samples',
      ),
  },

  ...relayPayloads,
  ...reachPayloads,
  ...routingPayloads,
  ...keepingPayloads,
  ...limitPayloads,

  'warning:raised': {
    topic,
    cause: text,
    hint: text,
  },
  'warning:cleared': { topic },
} as const

const envelope = {
  v: z.literal(EVENT_VERSION).describe('format version'),
  seq: z.number().int().positive().describe('counts up by one an event, from 1'),
  time: z.number().int().nonnegative().describe('milliseconds since the Unix epoch'),
  requestId: text.optional().describe('the request that caused it'),
}

type Payloads = typeof payloads
/** The name of a type of event, such as `dial:started`. */
export type NodeEventType = keyof Payloads

type Prettify<T> = { [K in keyof T]: T[K] }
/** What an event of one type says, without number and time. */
export type Payload<T extends NodeEventType> = Prettify<z.infer<z.ZodObject<Payloads[T], z.core.$strict>>>
type Envelope = z.infer<z.ZodObject<typeof envelope, z.core.$strict>>

/** One thing that happened in the swarm: plain data, numbered, timed, safe to print. */
export type NodeEvent<T extends NodeEventType = NodeEventType> = {
  [K in T]: Prettify<{ type: K } & Envelope & Payload<K>>
}[T]

/** An event as its maker hands it in: the hub adds version, number and time. */
export type NewEvent<T extends NodeEventType = NodeEventType> = {
  [K in T]: Prettify<{ type: K; requestId?: NodeEvent<K>['requestId'] } & Payload<K>>
}[T]

/** The schema of each type of event, for validation, JSON schema and documentation. */
export const eventSchemas = Object.fromEntries(
  Object.entries(payloads).map(([type, fields]) => [
    type,
    z.strictObject({ type: z.literal(type), ...envelope, ...fields }),
  ]),
) as unknown as { [T in NodeEventType]: z.ZodType<NodeEvent<T>> }
