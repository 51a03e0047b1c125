import { parseFilter } from '../../core/filter.ts'
import { PEER_KEYS, peerSubject } from '../../core/filter-subjects.ts'
import type { Command } from '../command.ts'
import { peerReply, peersSum } from '../replies/peers.ts'

/** Lists peers and sums them up; on the screen their pane gets the focus and the filter instead of a list. */
export const peers: Command = {
  verb: 'peers',
  summary: 'lists the peers, or those that a filter lets through',
  details: 'On the screen it goes to the pane of the peers.',
  params: [
    {
      name: 'filter',
      kind: 'text',
      optional: true,
      rest: 'query',
      summary: 'e.g. state:connected rtt>20',
    },
  ],
  examples: ['peers', 'peers state:connected', 'peers -agent:js-libp2p rtt>20'],
  where: 'node',
  answers: ['peer', 'peers'],
  async run(args, { swarm, reply, screen }) {
    const query = String(args.filter ?? '')
    const { matches } = parseFilter(query, PEER_KEYS)
    const found = swarm()
      .peers.values()
      .filter(peer => matches(peerSubject(peer)))
    if (screen !== undefined) {
      screen.dispatch({ type: 'focus', pane: 'peers' })
      if (args.filter !== undefined) screen.dispatch({ type: 'filter', pane: 'peers', filter: query })
    } else {
      for (const peer of found) reply(peerReply(peer))
    }
    reply(peersSum(found))
  },
}
