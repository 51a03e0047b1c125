import type { Command } from '../command.ts'
import { timeoutFlag } from '../flags.ts'
import { ask, replyPeers } from '../query.ts'

/** Asks the DHT who has something. Fails when nobody does. */
export const providers: Command = {
  verb: 'providers',
  summary: 'asks the DHT who has something',
  params: [{ name: 'cid', kind: 'text', summary: 'a CID' }],
  flags: [timeoutFlag(60)],
  examples: ['providers bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'],
  where: 'both',
  needs: ['dht'],
  answers: ['query:found', 'query:ended'],
  async run(args, context) {
    replyPeers('providers', await ask('providers', { subject: String(args.cid) }, context), context)
  },
}
