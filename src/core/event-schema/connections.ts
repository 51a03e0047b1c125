/** Dials, connections, their streams, and the bytes of all of them. */
import { z } from 'zod'
import {
  bytes,
  connectionId,
  direction,
  durationMs,
  failure,
  multiaddr,
  peerId,
  protocol,
  repeated,
  text,
  traffic,
} from '../schema.ts'
import { refusal } from './limits.ts'

const streamId = text.describe("the stream's id, unique in this run")

/** https://github.com/libp2p/specs/blob/master/connections/README.md */
export const connectionPayloads = {
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
  'connection:closed': {
    peerId,
    connectionId,
    reason: text,
    durationMs,
    bytesIn: bytes,
    bytesOut: bytes,
    host: text.optional().describe('with a count: whose connections they were, opened and closed since then'),
    ...repeated,
  },
  'connection:refused': {
    direction,
    address: multiaddr.optional(),
    peerId: peerId.optional(),
    reason: text,
    limit: refusal.limit.optional(),
    ...repeated,
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
    bytesIn: bytes.describe('with a count: of all of them, here and below'),
    bytesOut: bytes,
    ...repeated,
  },
  'stream:refused': {
    peerId: peerId.optional(),
    connectionId: connectionId.optional(),
    reason: text,
    ...refusal,
  },
} as const

/** Bytes and rates, of what changed. */
export const trafficPayloads = {
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
} as const
