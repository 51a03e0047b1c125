/** Limits of connections, and how much of them is used. */
import { z } from 'zod'
import { ANY_LIMITS, EXCESS_ACTIONS } from '../limit-terms.ts'
import { bytes, connectionId, count, epochMs, peerId, protocol, repeated, text } from '../schema.ts'

/** The limit that refused something, and how often. */
export const refusal = {
  limit: z.enum(ANY_LIMITS).describe('the limit that caused it'),
  ...repeated,
}

/** Who exceeds a limit, and what was done about it. */
export const excess = {
  limit: z.enum(ANY_LIMITS).describe('the limit'),
  action: z
    .enum(EXCESS_ACTIONS)
    .describe(
      'refused: turned away; dropped: thrown away; delayed: made to wait; closed: the connection was closed for it',
    ),
  host: text.optional().describe('who did it: an IPv4 address or the /56 of an IPv6 one'),
  peerId: peerId.optional(),
  connectionId: connectionId.optional(),
  protocol: protocol.optional(),
  reason: text,
}

/** One who exceeds a limit, and how much. */
export const offender = {
  ...excess,
  count: count.describe('so far'),
  perSecond: count.describe('in the last five seconds'),
  quiet: z.literal(true).optional().describe('nothing more in the last two seconds'),
  connected: z.literal(true).optional().describe('the peer is connected: it can be hung up on'),
  comesBackAt: epochMs.optional().describe('this host has to wait until then'),
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
    hostPending: count.optional().describe('handshakes of one host at once'),
    hostStreams: count.optional().describe('streams that all connections of one host have open'),
    buffered: bytes
      .optional()
      .describe('that may wait on one connection, received and not read or written and not sent'),
    allBuffered: bytes.optional().describe('that may wait on all connections together'),
    descriptors: count.optional().describe('files and sockets of this process; absent: as many as it likes'),
  },
  'limits:sampled': {
    connections: count.describe('open now'),
    inbound: count.describe('those that others opened'),
    perHost: count.describe('of the host that has most, handshakes included'),
    pending: count.describe('handshakes of others under way'),
    dials: count.describe('dials under way or waiting'),
    streams: count.optional().describe('opened by the other side of the connection that has most'),
    hostPending: count.optional().describe('handshakes of the host that has most'),
    hostStreams: count.optional().describe('streams of the host that has most'),
    buffered: bytes.optional().describe('that wait on the connection that has most, to the next 64 KiB'),
    allBuffered: bytes.optional().describe('that wait on all connections, to the next 64 KiB'),
    descriptors: count.optional().describe('files and sockets open; absent: there is no limit of them'),
  },
  'limits:offenders': {
    offenders: z
      .array(z.strictObject(offender))
      .describe('who exceeds limits now, whoever does most first; empty: nobody any more'),
  },
  'limit:exceeded': {
    ...excess,
    ...repeated,
  },
} as const
