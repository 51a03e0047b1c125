/** Peer routing and content discovery (Kademlia). */
import { z } from 'zod'
import { QUERIES } from '../event-terms.ts'
import { count, durationMs, epochMs, multiaddr, peerId, repeated, text } from '../schema.ts'

const query = z.enum(QUERIES)
const subject = text.describe('what is looked for: a Peer ID, a CID or a key')
const cid = text.describe('CID of what this node says that it has')

/** https://github.com/libp2p/specs/blob/master/kad-dht/README.md */
export const routingPayloads = {
  'routing:started': {
    protocol: text.describe('e.g. /ipfs/kad/1.0.0'),
    mode: z.enum(['client', 'server']).describe('server: it answers the questions of others'),
  },
  'routing:added': {
    peerId,
    bucket: count.describe('leading bits that its key shares with ours'),
    ...repeated,
  },
  'routing:removed': { peerId, ...repeated },
  'routing:refreshed': {
    heard: z
      .array(z.strictObject({ peerId, at: epochMs }))
      .describe('peers of the table that answered us or asked us something, and when they did last'),
    buckets: z
      .array(z.strictObject({ bucket: count, at: epochMs }))
      .describe('buckets through which a lookup went, and when'),
  },

  'providing:updated': {
    cid,
    since: epochMs.describe('when it was asked for, in this run or an earlier one'),
    announcedAt: epochMs.optional().describe('when it was last left with peers; absent: not in this run'),
    peers: count.optional().describe('with how many'),
    cause: text.optional().describe('why the last try failed'),
    nextAt: epochMs.optional().describe('when it will be said again; absent: now'),
  },
  'providing:stopped': { cid },

  'query:started': { query, subject },
  'query:progressed': {
    query,
    peerId,
    step: z.enum(['asked', 'answered', 'failed']),
    elapsedMs: durationMs.describe('since the query started'),
    tookMs: durationMs.optional().describe('from the question to the answer'),
    closer: count.optional().describe('how many peers it knows that are closer'),
    cause: text.optional().describe('why it failed'),
  },
  'query:found': {
    query,
    peerId: peerId.optional(),
    addresses: z.array(multiaddr),
    value: text.optional().describe('of a record, cut to what fits a line'),
  },
  'query:ended': {
    query,
    subject,
    outcome: z.enum(['found', 'nothing', 'done', 'cancelled', 'failed']),
    asked: count,
    answered: count,
    found: count,
    durationMs,
    cause: text.optional(),
  },
} as const
