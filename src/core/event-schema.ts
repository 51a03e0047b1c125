/**
 * Every NodeEvent there is. The types, the JSON schema and docs/events.md come from this file.
 *
 * Nothing on the way to the first frame imports this file's values (the schema library costs start-up time): take
 * types and constants from events.ts.
 */
import { z } from 'zod'
import { connectionPayloads, trafficPayloads } from './event-schema/connections.ts'
import { keepingPayloads } from './event-schema/keeping.ts'
import { limitPayloads } from './event-schema/limits.ts'
import { peerPayloads } from './event-schema/peers.ts'
import { pingPayloads } from './event-schema/pings.ts'
import { reachPayloads } from './event-schema/reach.ts'
import { relayPayloads } from './event-schema/relays.ts'
import { routingPayloads } from './event-schema/routing.ts'
import { EVENT_VERSION, WARNING_TOPICS } from './event-terms.ts'
import { count, failure, multiaddr, peerId, repeated, text } from './schema.ts'

const topic = z.enum(WARNING_TOPICS)

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

  ...peerPayloads,
  ...connectionPayloads,
  ...pingPayloads,
  ...trafficPayloads,
  ...relayPayloads,
  ...reachPayloads,
  ...routingPayloads,
  ...keepingPayloads,
  ...limitPayloads,

  'warning:raised': {
    topic,
    cause: text,
    hint: text,
    ...repeated,
  },
  'warning:cleared': { topic, ...repeated },

  'events:dropped': {
    count: count.describe('how many were lost'),
    kinds: z
      .array(z.strictObject({ type: text, peerId: peerId.optional(), count }))
      .describe('those of which most were lost, by type and peer'),
    cause: text,
  },
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
