/** Pings: ours, and those of others. */
import { z } from 'zod'
import { connectionId, durationMs, peerId, repeated, text } from '../schema.ts'

/** https://github.com/libp2p/specs/blob/master/ping/ping.md */
export const pingPayloads = {
  'ping:started': { peerId, intervalMs: durationMs.describe('pings go on at this pace until ping:stopped') },
  'ping:stopped': { peerId },
  'ping:succeeded': {
    peerId,
    rttMs: z.number().nonnegative().describe('milliseconds with microsecond digits'),
    cold: z.boolean().describe('the first one on a new stream: it pays for what later ones find ready'),
  },
  'ping:failed': {
    peerId,
    kind: z.enum(['unsupported', 'timeout', 'garbage', 'closed', 'unreachable']),
    cause: text,
  },
  'ping:answered': { peerId, connectionId: connectionId.optional(), ...repeated },
} as const
