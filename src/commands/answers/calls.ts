/** Dialing, pinging and hanging up. */
import { z } from 'zod'
import { count, durationMs, failure, multiaddr, peerId, text } from '../../core/schema.ts'

const rtt = z.number().nonnegative()
const number = z.number().int().positive().describe('counts up by one a ping, from 1')

export const callAnswers = {
  'dial:succeeded': {
    target: text.describe('what was dialed'),
    peerId,
    connectionId: text.describe("the connection's id, unique in this run"),
    address: multiaddr.describe('the one that won'),
    durationMs,
    existing: z.boolean().describe('true: a connection was open already and no dial was needed'),
    others: z
      .array(z.strictObject({ address: multiaddr, cause: text.optional() }))
      .optional()
      .describe('the other addresses that it could have been; with a cause: tried, and failed'),
  },
  'dial:failed': { target: text.describe('one of several that were to be dialed'), ...failure },

  'ping:succeeded': {
    peerId,
    number,
    rttMs: rtt.describe('milliseconds with microsecond digits'),
    cold: z.boolean().describe('the first one on a new stream: it is no part of the statistics'),
  },
  'ping:failed': { peerId, number, ...failure },
  'ping:statistics': {
    peerId,
    sent: count,
    received: count.describe('cold ones too'),
    lossRatio: z.number().min(0).max(1),
    durationMs,
    minMs: rtt.optional().describe('of RTTs, as those below; absent: no warm ping was answered'),
    avgMs: rtt.optional(),
    maxMs: rtt.optional(),
    mdevMs: rtt.optional().describe('standard deviation'),
    p95Ms: rtt.optional().describe('95 of 100 took no longer; over the latest 120'),
    jitterMs: rtt.optional().describe('smoothed difference of successive RTTs (RFC 3550)'),
    coldMs: rtt.optional().describe('RTT of the last cold ping'),
  },
  'ping:started': { peerId },
  'ping:stopped': { peerId },

  hangup: { peerId, closed: count.describe('connections') },
  close: { peerId, connectionId: text, others: count.describe('connections that its peer has left') },
} as const
