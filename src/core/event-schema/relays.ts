/** Relays and hole punching. */
import { z } from 'zod'
import { bytes, count, durationMs, failure, multiaddr, peerId, repeated, text } from '../schema.ts'

const expiresAt = z.number().nonnegative().describe('ms since the Unix epoch')
const limits = {
  limitBytes: bytes.optional().describe('of one connection, each way; absent: no limit'),
  limitMs: durationMs.optional().describe('of one connection; absent: no limit'),
}
const requester = peerId.describe('Peer ID of whom the reservation is for')
const circuit = {
  circuitId: text.describe('unique in this run'),
  peerId: peerId.describe('Peer ID of the one who dialed'),
  toPeerId: peerId.describe('Peer ID of the one who was dialed: the holder of the reservation'),
}
const relayed = {
  bytesTo: bytes.describe('relayed so far to the one who was dialed'),
  bytesBack: bytes.describe('relayed so far to the one who dialed'),
}

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
  'relay:awaited': {
    peerId: peerId.optional(),
    address: multiaddr.optional(),
    attempts: count.describe('how often it was asked since it was lost or first wanted'),
    nextInMs: durationMs.describe('when it is asked again'),
  },
  'relay:unwanted': { peerId: peerId.describe('Peer ID of a relay that is not asked any more') },
  'relay:lost': { peerId: peerId.describe('Peer ID of the relay'), reason: text },

  'relay:started': {
    reservations: count.describe('how many this relay grants at once'),
    circuits: count.describe('how many relayed connections one peer may have'),
    ...limits,
  },
  'relay:granted': { peerId: requester, expiresAt, ...limits, renewed: z.boolean(), ...repeated },
  'relay:refused': { peerId: requester, reason: text, ...repeated },
  'relay:released': { peerId: requester, reason: text, ...repeated },

  'circuit:opened': { ...circuit, ...limits },
  'circuit:measured': { ...circuit, ...relayed },
  'circuit:closed': { ...circuit, ...relayed, reason: text, durationMs, ...repeated },
  'circuit:refused': {
    peerId: circuit.peerId,
    toPeerId: circuit.toPeerId.optional().describe('absent: it named nobody'),
    reason: text,
    ...repeated,
  },

  'punch:started': { peerId, ...repeated },
  'punch:tried': {
    peerId,
    how: z
      .enum(['dial', 'punch'])
      .describe(
        'dial: only we dial, since the peer says that it is public; punch: both dial at the same moment',
      ),
    attempt: z.number().int().positive(),
    attempts: z.number().int().positive().describe('how many there will be at most'),
    addresses: z.array(multiaddr).describe('what is dialed'),
    rttMs: durationMs.optional().describe('round trip over the relay, as the side that begins measures it'),
    ...repeated,
  },
  'punch:succeeded': { peerId, address: multiaddr, durationMs, ...repeated },
  'punch:failed': { peerId, cause: text, hint: text, durationMs, ...repeated },
} as const
