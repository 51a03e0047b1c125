import { say } from '../../core/safe-text.ts'
import type { Command } from '../command.ts'
import { timeoutFlag } from '../flags.ts'
import { ask, howLong } from '../query.ts'

/** Reads a record of the DHT. Fails when nobody has it. */
export const get: Command = {
  verb: 'get',
  summary: 'reads what is stored in the DHT',
  details: 'A value that is no harmless text is shown in base64. /pk/<peer id> is the public key of a peer.',
  params: [{ name: 'key', kind: 'text', summary: 'a word, /app/<word> or /pk/<peer id>' }],
  flags: [timeoutFlag(60)],
  examples: ['get motd', 'get /pk/QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN'],
  where: 'both',
  needs: ['dht'],
  answers: ['record'],
  async run(args, context) {
    const result = await ask('get', { subject: String(args.key) }, context)
    const { value, subject, asked, answered, durationMs } = result
    if (value === undefined) return
    const shown = value.encoding === 'text' ? value.text : say`base64: ${value.text}`
    context.reply({
      tone: 'good',
      text: context.oneShot === undefined ? howLong(shown, result) : value.text,
      data: {
        type: 'record',
        key: subject,
        value: value.text,
        encoding: value.encoding,
        asked,
        answered,
        durationMs,
      },
    })
  },
}
