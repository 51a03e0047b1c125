import type { RequestFailed } from '../../core/failure.ts'
import { say } from '../../core/safe-text.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Command, CommandContext } from '../command.ts'
import { failed } from '../fail.ts'
import { timeoutFlag } from '../flags.ts'
import { ask } from '../query.ts'
import { entryReplies, routingSum } from '../replies/routing.ts'
import { watchSwarm } from '../wait.ts'

/** `p2p-tui routing`: joins a DHT and shows its routing table. Fails when nobody of the DHT is reached. */
export const routingAlone: Command = {
  verb: 'routing',
  summary: 'joins a DHT, and shows the routing table that comes of it, bucket by bucket',
  details:
    'Joining is looking for the peers closest to this node, as Kademlia has it; the table is shown when that is done, or ' +
    'with what it holds when the time is up.',
  params: [],
  flags: [timeoutFlag(60)],
  examples: ['routing --dht lan', 'routing --public --timeout 20'],
  where: 'oneShot',
  needs: ['dht'],
  answers: ['routing:entry', 'routing'],
  async run(_, context) {
    const { peerId } = context.swarm().node
    if (peerId === undefined) throw failed('start', say`The node has not started`, say`Try again`)
    const failure = await ask('closest', { subject: peerId }, context).then(
      () => undefined,
      (error: RequestFailed) => error,
    )
    if (context.signal.aborted) return
    const state = await present(context)
    if (failure !== undefined && state.routing.size === 0) throw failure
    for (const line of entryReplies(state)) context.reply(line)
    context.reply(routingSum(state))
  },
}

/** The state as the node has it now: what has become of a request is in it. */
async function present(context: CommandContext): Promise<SwarmState> {
  return (await watchSwarm(context, 1000, swarm => swarm)) ?? context.swarm()
}
