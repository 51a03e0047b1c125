import type { Command } from '../command.ts'
import { reachReplies, verdictReply } from '../replies/reach.ts'

/** Lists reservations and this node's addresses, and says whether others can reach it; on the screen it shows its view. */
export const relays: Command = {
  verb: 'relays',
  aliases: ['reachability'],
  summary: 'lists reservations at relays and own addresses, and whether others can reach this node',
  details: 'On the screen it goes to their view.',
  params: [],
  examples: ['relays'],
  where: 'node',
  answers: ['address', 'reservation', 'circuit', 'punch', 'reachability'],
  async run(_, { swarm, reply, screen }) {
    const state = swarm()
    if (screen !== undefined) screen.dispatch({ type: 'view', view: 'relays' })
    else for (const line of reachReplies(state)) reply(line)
    reply(verdictReply(state))
  },
}
