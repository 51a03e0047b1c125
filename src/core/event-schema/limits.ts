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
      'refused: turned away; dropped: discarded; delayed: made to wait; closed: its connection was closed',
    ),
  host: text.optional().describe('the host: an IPv4 address or an IPv6 /56'),
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
    perHost: count.describe('from one host, handshakes included'),
    hostRate: count.describe('new ones a second from one host'),
    pending: count.describe('inbound handshakes at once'),
    dials: count.describe('own dials at once'),
    streams: count.describe('opened by the other side of one connection'),
    inbound: count.describe('how many of the connections can be inbound; the rest is reserved for own dials'),
    hostPending: count.optional().describe('handshakes at once from one host'),
    hostStreams: count.optional().describe('open streams on all connections of one host'),
    buffered: bytes
      .optional()
      .describe('waiting on one connection, received but not read, or written but not sent'),
    allBuffered: bytes.optional().describe('waiting on all connections together'),
    descriptors: count.optional().describe('files and sockets of this process; absent: no limit'),
  },
  'limits:sampled': {
    connections: count.describe('open now'),
    inbound: count.describe('inbound ones'),
    perHost: count.describe('from the host with the most, handshakes included'),
    pending: count.describe('inbound handshakes under way'),
    dials: count.describe('dials under way or waiting'),
    streams: count.optional().describe('opened by the remote side of the connection with the most'),
    hostPending: count.optional().describe('handshakes from the host with the most'),
    hostStreams: count.optional().describe('streams from the host with the most'),
    buffered: bytes.optional().describe('waiting on the connection with the most, to the nearest 64 KiB'),
    allBuffered: bytes.optional().describe('waiting on all connections, to the nearest 64 KiB'),
    descriptors: count.optional().describe('open files and sockets; absent: no limit'),
  },
  'limits:offenders': {
    offenders: z
      .array(z.strictObject(offender))
      .describe('who exceeds limits now, the worst first; empty: nobody any more'),
  },
  'limit:exceeded': {
    ...excess,
    ...repeated,
  },
} as const
