/** Peers: who is known, what they are called, and which connections are kept. */
import { z } from 'zod'
import { SOURCES } from '../../core/event-terms.ts'
import { bytes, count, durationMs, epochMs, failure, multiaddr, peerId, text } from '../../core/schema.ts'

const source = z.enum(SOURCES)
const seen = { source, firstSeen: epochMs, lastSeen: epochMs }
const rtt = durationMs.optional()

export const peerAnswers = {
  peer: {
    peerId,
    name: text.optional().describe('what you call it'),
    presence: z
      .enum(['connected', 'heard', 'expired', 'known'])
      .describe('heard, expired: on the local network; known: from dials, the DHT or earlier runs'),
    kept: z.boolean().describe('true: its connection is to stay'),
    addresses: z.array(multiaddr).describe('the most trustworthy first'),
    firstSeen: epochMs,
    lastSeen: epochMs,
    sources: z.array(z.strictObject(seen)).describe('how it came to notice, in earlier runs too'),
    connections: count,
    agentVersion: text.optional(),
    protocolVersion: text.optional(),
    observedAddress: multiaddr.optional().describe('where it sees us'),
    protocols: z.array(text),
    ping: z
      .strictObject({ received: count, lost: count, lastMs: rtt, minMs: rtt, avgMs: rtt, maxMs: rtt })
      .describe('RTTs'),
    bytesIn: bytes,
    bytesOut: bytes,
    dialFailure: z.strictObject(failure).optional().describe('why the last dial to it failed'),
  },
  peers: { peers: count, connected: count, heard: count, others: count },

  'peer:discovered': { peerId, addresses: z.array(multiaddr), source: z.literal('mdns') },
  'discover:finished': { peers: count, seconds: z.number().positive() },

  name: {
    peerId,
    name: text.optional().describe('absent: it has none now'),
    before: text.optional().describe('what it was called until now'),
    warnings: z.array(text).describe('with what the name could be mistaken'),
  },
  keep: { peerId, kept: z.boolean() },
  forget: { peerId },
} as const
