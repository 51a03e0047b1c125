import type { Command } from '../command.ts'
import { entryReplies, routingSum } from '../replies/routing.ts'

/** Lists the routing table of the DHT; on the screen it shows its view. */
export const routing: Command = {
  verb: 'routing',
  summary: 'lists the routing table of the DHT, bucket by bucket',
  details: 'On the screen it goes to its view. Without a DHT (--dht) there is no table.',
  params: [],
  examples: ['routing'],
  where: 'node',
  answers: ['routing:entry', 'routing'],
  async run(_, { swarm, reply, screen }) {
    const state = swarm()
    if (screen !== undefined) screen.dispatch({ type: 'view', view: 'routing' })
    else for (const line of entryReplies(state)) reply(line)
    reply(routingSum(state))
  },
}
