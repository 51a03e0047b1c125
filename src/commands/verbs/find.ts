import type { Command } from '../command.ts'
import { timeoutFlag } from '../flags.ts'
import { PEER_PLACES } from '../keys.ts'
import { ask, replyPeers } from '../query.ts'
import { findTarget } from '../target.ts'

/** Asks the DHT where a peer is. Fails when nobody there knows. */
export const find: Command = {
  verb: 'find',
  summary: 'asks the DHT where a peer is',
  details:
    'The log shows who was asked and who answered. What is found is in the list of peers, to be dialed.',
  params: [{ name: 'peer', kind: 'target', summary: 'a Peer ID, or a peer that is known' }],
  flags: [timeoutFlag(60)],
  keys: [{ keys: ['f'], where: PEER_PLACES, when: 'selected', label: 'find', line: 'find @', rank: 36 }],
  examples: ['find 12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'],
  where: 'both',
  needs: ['dht'],
  answers: ['query:found', 'query:ended'],
  async run(args, context) {
    const text = String(args.peer)
    // A peer that nobody here knows is what one looks for.
    const subject = findTarget(text, context.swarm(), context.selected())?.peerId ?? text
    replyPeers('find', await ask('find', { subject }, context), context)
  },
}
