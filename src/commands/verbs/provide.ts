import type { Command } from '../command.ts'
import { ask, replyStored } from '../query.ts'

/** Tells the DHT that this node has something. Fails when no peer takes that down. */
export const provide: Command = {
  verb: 'provide',
  summary: 'tells the DHT that this node has something',
  details:
    'A text is provided under its CID (version 1, raw, SHA2-256), which the answer names. Peers keep the record for two ' +
    'days; this node says it again every 22 hours, also after a restart, until you withdraw it. Only the record is ' +
    'stored: what it names is not served here.',
  params: [{ name: 'cid', kind: 'text', rest: true, summary: 'a CID, or a text' }],
  examples: ['provide hello world', 'provide bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'],
  where: 'node',
  answers: ['query:ended'],
  async run(args, context) {
    replyStored('provide', await ask('provide', { subject: String(args.cid) }, context), context)
  },
}
