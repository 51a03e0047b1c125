import type { Command } from '../command.ts'
import { timeoutFlag } from '../flags.ts'
import { ask, replyPeers } from '../query.ts'

/** Asks the DHT which peers are closest to a key. Fails when nobody answers. */
export const closest: Command = {
  verb: 'closest',
  summary: 'asks the DHT which peers are closest to a key',
  details: 'Up to twenty, the closest first: those that keep what is stored under the key.',
  params: [{ name: 'key', kind: 'text', rest: true, summary: 'a Peer ID, a CID or any text' }],
  flags: [timeoutFlag(60)],
  examples: ['closest 12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp', 'closest /app/hello'],
  where: 'both',
  needs: ['dht'],
  answers: ['query:found', 'query:ended'],
  async run(args, context) {
    replyPeers('closest', await ask('closest', { subject: String(args.key) }, context), context)
  },
}
