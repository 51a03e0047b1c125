/** Limits, their use, who exceeds them, and who has most of the node. */
import { z } from 'zod'
import { offender } from '../../core/event-schema/limits.ts'
import { ACCOUNT_KINDS, ANY_LIMITS } from '../../core/limit-terms.ts'
import { bytes, connectionId, count, peerId, protocol, text } from '../../core/schema.ts'

export const limitAnswers = {
  limit: {
    limit: z.enum(ANY_LIMITS),
    most: count.optional().describe('how many there may be; absent: see docs/limits.md'),
    used: count.optional().describe('how many there are; absent: of rates, and while the node starts'),
    inbound: z
      .strictObject({ most: count, used: count })
      .optional()
      .describe('connections: those that others may open, and have opened'),
    refused: count.describe('since the start'),
    option: text.optional().describe('the option that sets it; absent: none does'),
  },
  offender,
  account: {
    kind: z.enum(ACCOUNT_KINDS).describe('whose it is; the field of that name says which, peerId for a peer'),
    host: text
      .optional()
      .describe(
        'an IPv4 address, the /56 of an IPv6 one, a relay (relay 12D3KooW...), or Unix socket; of a peer that of its oldest connection',
      ),
    peerId: peerId.optional(),
    connectionId: connectionId.optional(),
    protocol: protocol.optional(),
    sockets: count.describe(
      'open connections; of a host with its handshakes, of a protocol those that have a stream of it',
    ),
    streams: count,
    bufferedBytes: bytes.describe('that wait: received and not read, or written and not sent'),
    eventsPerSecond: count.describe('in the last whole second, or in this one if there are more already'),
  },
} as const
