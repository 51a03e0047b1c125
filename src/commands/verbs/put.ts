import type { Command } from '../command.ts'
import { timeoutFlag } from '../flags.ts'
import { ask, replyStored } from '../query.ts'

/** Stores a record in the DHT. Fails when no peer takes it. */
export const put: Command = {
  verb: 'put',
  summary: 'stores a text in the DHT',
  details:
    'Under /app/<key>, at the peers closest to it, up to 8 KiB. Anybody can write there: the value that most of those ' +
    'asked hold counts. The public DHT takes no such records.',
  params: [
    { name: 'key', kind: 'text', summary: 'a word, or /app/<word>' },
    { name: 'value', kind: 'text', rest: true, summary: 'what to store' },
  ],
  flags: [timeoutFlag(60)],
  examples: ['put motd "Good morning"'],
  where: 'both',
  needs: ['dht'],
  answers: ['query:ended'],
  async run(args, context) {
    const words = { subject: String(args.key), value: String(args.value) }
    replyStored('put', await ask('put', words, context), context)
  },
}
