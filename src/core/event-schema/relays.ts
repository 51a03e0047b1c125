/** Relays and hole punching. */
import { z } from 'zod'
import { bytes, durationMs, failure, multiaddr, peerId, text } from '../schema.ts'

const expiresAt = z.number().nonnegative().describe('ms since the Unix epoch')
const limits = {
  limitBytes: bytes.optional().describe('absent: no limit'),
  limitMs: durationMs.optional().describe('absent: no limit'),
}
const requester = peerId.describe('Peer ID of whom the reservation is for')

/** Circuit relay v2 (https://github.com/libp2p/specs/blob/master/relay/circuit-v2.md) and DCUtR. */
export const relayPayloads = {
  'relay:reserved': {
    peerId: peerId.describe('Peer ID of the relay'),
    addresses: z.array(multiaddr).describe('where this node can be reached through it'),
    expiresAt,
    ...limits,
    renewed: z.boolean().describe('true: it stood already, and goes on'),
  },
  'relay:failed': { peerId: peerId.optional(), address: multiaddr.optional(), ...failure },
  'relay:lost': { peerId: peerId.describe('Peer ID of the relay'), reason: text },

  'relay:granted': { peerId: requester, expiresAt, ...limits, renewed: z.boolean() },
  'relay:refused': { peerId: requester, reason: text },
  'relay:released': { peerId: requester, reason: text },

  'punch:started': { peerId },
  'punch:succeeded': { peerId, address: multiaddr, durationMs },
  'punch:failed': { peerId, cause: text, hint: text, durationMs },
} as const
