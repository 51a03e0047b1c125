/** Peers: heard, expired, identified, forgotten. */
import { z } from 'zod'
import { SOURCES } from '../event-terms.ts'
import { connectionId, epochMs, multiaddr, peerId, protocol, repeated, text } from '../schema.ts'

const source = z
  .enum(SOURCES)
  .describe(
    'mdns: heard on the local network; inbound: it dialed us; dialed: we dialed it; known: from an earlier run; dht: found by a query; bootstrap: given to begin with',
  )
const addresses = z.array(multiaddr)

/** Discovery, identify (https://github.com/libp2p/specs/blob/master/identify/README.md), the address book. */
export const peerPayloads = {
  'peer:discovered': {
    peerId,
    addresses,
    source,
    earlier: z
      .array(z.strictObject({ source, firstSeen: epochMs, lastSeen: epochMs }))
      .optional()
      .describe('known: who told of it in earlier runs, and when'),
    ...repeated,
  },
  'peer:refreshed': { peerId, addresses, source, ...repeated },
  'peer:expired': {
    peerId,
    addresses,
    source,
    reason: z
      .enum(['ttl', 'goodbye', 'room'])
      .describe(
        'ttl: not heard in time; goodbye: it said that it leaves; room: somebody announces too many peers',
      ),
    ...repeated,
  },
  'peer:identified': {
    peerId,
    connectionId,
    agentVersion: text.optional(),
    protocolVersion: text.optional(),
    protocols: z.array(protocol),
    addresses: addresses.describe('where the peer says it listens'),
    observedAddress: multiaddr.optional().describe('where the peer sees us'),
    ...repeated,
  },
  'peer:unidentified': { peerId, connectionId, cause: text, ...repeated },
  'peer:updated': { peerId, addresses, protocols: z.array(protocol), ...repeated },
  'peer:forgotten': {
    peerId,
    asked: z.boolean().optional().describe('true: a person wanted it; absent: to make room'),
  },
} as const
