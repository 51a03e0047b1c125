import { joinSafe, say } from '../../core/safe-text.ts'
import type { Command } from '../command.ts'

/** Ends listening on an address. Fails where the node does not listen there. */
export const unlisten: Command = {
  verb: 'unlisten',
  summary: 'ends listening on an address',
  details:
    'Addresses that share a socket, such as those of a wildcard, end together, and so do the connections that came in by it.',
  params: [{ name: 'multiaddr', kind: 'listening', summary: 'one that listen shows, or that was asked for' }],
  examples: ['unlisten /ip4/127.0.0.1/tcp/4001', 'unlisten /ip4/0.0.0.0/tcp/0'],
  where: 'node',
  answers: ['unlisten'],
  async run(args, { port, signal, reply }) {
    const { addresses } = await port.request('unlisten', { address: String(args.multiaddr) }, { signal })
    reply({
      tone: 'good',
      text: say`no longer listening on ${joinSafe(addresses, ', ')}`,
      data: { type: 'unlisten', addresses },
    })
  },
}
