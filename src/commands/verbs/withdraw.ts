import { say } from '../../core/safe-text.ts'
import type { Command } from '../command.ts'

/** Ends providing something in the DHT. Fails at stage `target` when it is not provided. */
export const withdraw: Command = {
  verb: 'withdraw',
  summary: 'ends providing something in the DHT',
  details:
    'It is not said again. Peers that keep the record forget it within two days: it cannot be called back.',
  params: [{ name: 'cid', kind: 'provided', summary: 'a CID that this node provides' }],
  examples: ['withdraw bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'],
  where: 'node',
  answers: ['withdraw'],
  async run(args, { port, signal, reply }) {
    const { cid } = await port.request('withdraw', { cid: String(args.cid) }, { signal })
    reply({
      tone: 'plain',
      text: say`${cid} is no longer provided; records of it end within two days`,
      data: { type: 'withdraw', cid },
    })
  },
}
