/** Limits of connections, and how much of them is used. */
import { z } from 'zod'
import { EXCESS_ACTIONS, FIXED_LIMITS, LIMITS } from '../limit-terms.ts'
import { connectionId, count, peerId, protocol, repeated, text } from '../schema.ts'

/** The limit that refused something, and how often. */
export const refusal = {
  limit: z.enum(LIMITS).describe('the limit that caused it'),
  ...repeated,
}

/** The limits that hold, and how much of them is used. */
export const limitPayloads = {
  'limits:set': {
    connections: count.describe('open at once, in both directions'),
    perHost: count.describe('of one host, handshakes included'),
    hostRate: count.describe('that one host begins a second'),
    pending: count.describe('handshakes of others at once'),
    dials: count.describe('dials of ours at once'),
    streams: count.describe('that the other side of one connection has open'),
    inbound: count.describe(
      'how many of the connections others may open; the rest is kept for our own dials',
    ),
  },
  'limits:sampled': {
    connections: count.describe('open now'),
    inbound: count.describe('those that others opened'),
    perHost: count.describe('of the host that has most, handshakes included'),
    pending: count.describe('handshakes of others under way'),
    dials: count.describe('dials under way or waiting'),
  },
  'limit:exceeded': {
    limit: z.enum([...LIMITS, ...FIXED_LIMITS]).describe('the limit'),
    action: z
      .enum(EXCESS_ACTIONS)
      .describe('refused: turned away; dropped: thrown away; closed: the connection was closed for it'),
    host: text.optional().describe('who did it: an IPv4 address or the /56 of an IPv6 one'),
    peerId: peerId.optional(),
    connectionId: connectionId.optional(),
    protocol: protocol.optional(),
    reason: text,
    ...repeated,
  },
} as const
