/** The DHT: its routing table, and what its queries found. */
import { z } from 'zod'
import { QUERIES } from '../../core/event-terms.ts'
import { count, durationMs, epochMs, multiaddr, peerId, text } from '../../core/schema.ts'

const query = z.enum(QUERIES)
const subject = text.describe('what was asked for: a Peer ID, a CID or a key')
const bucket = count.describe('leading bits that its key shares with ours')
const cid = text.describe('CID of what this node says that it has')
const asked = {
  asked: count.describe('peers'),
  answered: count.describe('peers'),
  durationMs,
}

export const routingAnswers = {
  'routing:entry': {
    peerId,
    name: text.optional().describe('what you call it'),
    bucket,
    addedAt: epochMs,
    heardAt: epochMs.describe('when it answered us or asked us something last'),
    agentVersion: text.optional().describe('absent: it did not say'),
    addresses: z.array(multiaddr),
  },
  routing: {
    protocol: text.optional().describe('absent: no DHT'),
    mode: z.enum(['client', 'server']).optional().describe('server: it answers the questions of others'),
    peers: count,
    buckets: z
      .array(
        z.strictObject({
          bucket,
          peers: count,
          refreshedAt: epochMs.optional().describe('when a lookup went through it last; absent: none has'),
        }),
      )
      .describe('those with somebody in them'),
    queries: z
      .array(
        z.strictObject({ query, subject, startedAt: epochMs, asked: count, answered: count, found: count }),
      )
      .describe('under way'),
  },

  'providing:entry': {
    cid,
    since: epochMs.describe('when it was asked for, in this run or an earlier one'),
    announcedAt: epochMs.optional().describe('when it was last left with peers; absent: not in this run'),
    peers: count.optional().describe('with how many'),
    cause: text.optional().describe('why the last try failed'),
    nextAt: epochMs.optional().describe('when it will be said again'),
  },
  providing: { count },
  withdraw: { cid },

  'query:found': { query, peerId, addresses: z.array(multiaddr) },
  'query:ended': { query, subject, found: count, ...asked },
  record: {
    key: text.describe('in its usual form'),
    value: text,
    encoding: z.enum(['text', 'base64']).describe('base64: it is no harmless text'),
    ...asked,
  },
} as const
