import { joinSafe, say } from '../../core/safe-text.ts'
import type { Command } from '../command.ts'

/** Tells the addresses listened on, or adds one. */
export const listen: Command = {
  verb: 'listen',
  summary: 'shows where the node listens, or listens on one more address',
  params: [{ name: 'multiaddr', kind: 'multiaddr', optional: true, summary: 'where to listen as well' }],
  examples: ['listen', 'listen /ip4/127.0.0.1/tcp/0'],
  where: 'node',
  answers: ['listen'],
  async run(args, { port, swarm, signal, reply }) {
    if (args.multiaddr === undefined) {
      const { listening } = swarm().node
      reply({
        tone: 'plain',
        text: listening.length === 0 ? say`not listening` : say`listening on ${joinSafe(listening, ', ')}`,
        data: { type: 'listen', addresses: [...listening] },
      })
      return
    }
    const { addresses } = await port.request('listen', { address: String(args.multiaddr) }, { signal })
    reply({
      tone: 'good',
      text: say`now listening on ${joinSafe(addresses, ', ')}`,
      data: { type: 'listen', addresses },
    })
  },
}
