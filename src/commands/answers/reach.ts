/** Where this node listens, which relays it holds, and whether others reach it. */
import { z } from 'zod'
import { HOW_LEARNED } from '../../core/event-terms.ts'
import { bytes, count, durationMs, epochMs, failure, multiaddr, peerId, text } from '../../core/schema.ts'

const addresses = z.array(multiaddr)
const expiresAt = epochMs

const limits = {
  limitBytes: bytes.optional().describe('of one connection, each way; absent: none'),
  limitMs: durationMs.optional().describe('of one connection; absent: none'),
}

export const reachAnswers = {
  listen: { addresses },
  unlisten: { addresses: addresses.describe('those closed') },
  reserve: {
    peerId: peerId.describe('Peer ID of the relay'),
    addresses: addresses.describe('where this node can be reached through it'),
    expiresAt,
    ...limits,
  },
  'reserve:failed': { relay: text, ...failure },

  address: {
    address: multiaddr,
    how: z
      .enum(HOW_LEARNED)
      .describe(
        'observed: a peer reached us there; guessed: the host that a peer sees us at, and the port that we listen on; upnp: the router forwards it; relay: through a relay',
      ),
    toldBy: z.array(peerId),
    learnedAt: epochMs,
    reachable: z.boolean().optional().describe('what the checks amount to; absent: nobody has tried'),
    checks: z
      .array(z.strictObject({ peerId: peerId.optional(), reachable: z.boolean(), time: epochMs }))
      .describe('attempts of peers to dial us back (AutoNAT), the newest last'),
  },
  reservation: {
    kind: z.enum(['held', 'granted']).describe('held: by us; granted: by us as a relay'),
    peerId: peerId.describe('Peer ID of the relay, or of whom it was granted to'),
    addresses,
    expiresAt,
    ...limits,
    relayed: z
      .strictObject({ circuits: count, bytes })
      .optional()
      .describe('connections through this relay to the holder that are over, and what they carried'),
  },
  circuit: {
    circuitId: text,
    peerId: peerId.describe('Peer ID of the one who dialed'),
    toPeerId: peerId.describe('Peer ID of the one who was dialed'),
    openedAt: epochMs,
    bytesTo: bytes.describe('relayed so far to the one who was dialed'),
    bytesBack: bytes.describe('relayed so far to the one who dialed'),
  },
  punch: {
    peerId,
    state: z.enum(['started', 'succeeded', 'failed']),
    startedAt: epochMs,
    attempt: count.optional().describe('the latest; absent: none yet'),
    address: multiaddr.optional().describe('where it got through'),
    failure: z.strictObject({ cause: text, hint: text }).optional(),
    durationMs: durationMs.optional(),
  },
  reachability: {
    verdict: z
      .enum(['reachable', 'relayed', 'unreachable', 'unknown'])
      .describe('relayed: only through a relay; unknown: nobody tried'),
    reasons: z.array(text),
    addresses: count,
    relays: count.describe('reservations held'),
    granted: count.describe('reservations granted'),
    upnp: z
      .strictObject({ gateway: text.optional(), failure: z.strictObject(failure).optional() })
      .optional()
      .describe('what came of asking the router to forward ports; absent: it was not asked'),
  },
} as const
