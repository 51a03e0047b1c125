import type { Command } from './command.ts'
import { timeoutFlag } from './flags.ts'
import { ask, replyPeers } from './query.ts'

/** Asks the DHT where a peer is. Fails when nobody there knows. */
export const find: Command = {
  verb: 'find',
  summary: 'asks the DHT where a peer is',
  details:
    'The log shows who was asked and who answered. What is found is in the list of peers, to be dialed.',
  params: [{ name: 'peer', kind: 'text', summary: 'a Peer ID' }],
  flags: [timeoutFlag(60)],
  examples: ['find 12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'],
  where: 'both',
  needs: ['dht'],
  answers: ['query:found', 'query:ended'],
  async run(args, context) {
    replyPeers('find', await ask('find', { subject: String(args.peer) }, context), context)
  },
}
