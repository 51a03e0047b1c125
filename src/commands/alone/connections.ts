import { connectionsInOrder } from '../../store/selectors/in-order.ts'
import type { Command } from '../command.ts'
import { timeoutFlag } from '../flags.ts'
import { connectionReplies, connectionsSum } from '../replies/connections.ts'
import { pause } from '../wait.ts'
import { connectAll, failIfAny } from './connect.ts'
import { identified, measured } from './identified.ts'
import { wordsOf } from './words-of.ts'

/** `p2p-tui connections`: connects, and shows what the connections are made of. Fails when a target is not reached. */
export const connectionsAlone: Command = {
  verb: 'connections',
  aliases: ['conns', 'streams'],
  summary: 'connects to peers, and shows what each connection is made of',
  details:
    'Transport, encryption, muxer, direct or relayed, bytes and open streams, once each peer has said who it is. With ' +
    '--wait later: streams that come and go are seen, and a relayed connection may have become a direct one by then. ' +
    'Peers given with --bootstrap are connected to as well.',
  params: [
    {
      name: 'target',
      kind: 'target',
      optional: true,
      many: true,
      summary: 'multiaddrs, Peer IDs, or parts of them',
    },
  ],
  flags: [
    { name: 'wait', short: 'w', kind: 'seconds', summary: 'seconds to go on before it answers (0)' },
    timeoutFlag(30),
  ],
  examples: ['connections /ip4/192.168.1.2/tcp/4001', 'connections 8f3aQd --wait 5'],
  where: 'oneShot',
  needs: ['somebody'],
  answers: ['dial:failed', 'connection', 'connections'],
  async run(args, context) {
    const targets = [...wordsOf(args.target), ...(context.oneShot?.bootstrap ?? [])]
    const { peers, failures } = await connectAll(targets, context)
    await identified(peers, context)
    await pause(context.clock, Number(args.wait ?? 0) * 1000, context.signal)
    const swarm = await measured(peers, context)
    if (context.signal.aborted) return
    const found = connectionsInOrder(swarm)
    for (const reply of connectionReplies(found, swarm)) context.reply(reply)
    if (peers.length > 0 || targets.length === 0) context.reply(connectionsSum(found, context.swarm()))
    failIfAny(failures, targets.length)
  },
}
