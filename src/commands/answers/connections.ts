/** Open connections and their streams. */
import { z } from 'zod'
import {
  bytes,
  count,
  direction,
  durationMs,
  epochMs,
  multiaddr,
  peerId,
  text,
  traffic,
} from '../../core/schema.ts'

const stream = z.strictObject({
  streamId: text,
  protocol: text.describe('protocol id, e.g. /ipfs/ping/1.0.0'),
  direction,
  openedAt: epochMs,
  // Without the frames around them.
  ...traffic,
})

export const connectionAnswers = {
  connection: {
    connectionId: text.describe("the connection's id, unique in this run"),
    peerId,
    name: text.optional().describe('what you call the peer'),
    agentVersion: text.optional().describe('of the peer; absent: it did not say'),
    address: multiaddr,
    direction,
    transport: text.describe('e.g. tcp'),
    encryption: text.describe('e.g. /noise'),
    muxer: text.describe('e.g. /yamux/1.0.0'),
    relayed: z.boolean().describe('true: through a relay; false: direct'),
    limitBytes: bytes.optional().describe("the relay's limit; absent: none"),
    limitMs: durationMs.optional().describe("the relay's limit; absent: none"),
    openedAt: epochMs,
    ...traffic,
    streams: z.array(stream).describe('those that are open'),
  },
  connections: {
    connections: count,
    streams: count,
    relayed: count.describe('connections'),
    most: count.optional().describe('connections that may be open at once'),
    refused: count.optional().describe('by all limits since the start; the answers of limits have each'),
  },
} as const
