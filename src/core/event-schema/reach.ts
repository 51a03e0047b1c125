/** Where others can reach this node: addresses, who tried them (AutoNAT), and what the router forwards (UPnP). */
import { z } from 'zod'
import { HOW_LEARNED } from '../event-terms.ts'
import { failure, multiaddr, peerId, repeated, text } from '../schema.ts'

const ownAddress = multiaddr.describe('one of this node, without its Peer ID')

/** https://github.com/libp2p/specs/blob/master/autonat/autonat-v2.md, and UPnP's Internet Gateway Device. */
export const reachPayloads = {
  'address:learned': {
    address: multiaddr,
    how: z
      .enum(HOW_LEARNED)
      .describe(
        'listening: a public one that we listen on; announced: given with --announce; observed: a peer reached us there; guessed: the host that a peer sees us at, and the port that we listen on; upnp: the router forwards it; relay: through a relay',
      ),
    peerId: peerId.optional().describe('who said so'),
  },
  'address:checked': {
    address: multiaddr,
    reachable: z.boolean(),
    peerId: peerId.optional().describe('who tried (AutoNAT)'),
  },
  'address:lost': { address: multiaddr, reason: text },

  'autonat:started': {
    asks: z.boolean().describe('we ask connected peers to dial us back'),
    answers: z.boolean().describe('we dial back those who ask us'),
  },
  'autonat:asked': { peerId, address: ownAddress.describe('where it shall dial us back') },
  'autonat:refused': { peerId, address: ownAddress, cause: text.describe('why it has not tried') },
  'autonat:answered': {
    peerId: peerId.describe('who asked us'),
    address: multiaddr.describe('where we dialed it back'),
    reachable: z.boolean(),
    ...repeated,
  },

  'upnp:mapped': { address: multiaddr, gateway: text.optional() },
  'upnp:unmapped': { address: multiaddr, reason: text },
  'upnp:failed': failure,
} as const
