import { parseFilter } from '../../core/filter.ts'
import { CONNECTION_KEYS, connectionSubject } from '../../core/filter-subjects.ts'
import { connectionsInOrder } from '../../store/selectors/in-order.ts'
import type { Command } from '../command.ts'
import { connectionReplies, connectionsSum } from '../replies/connections.ts'

/** Lists connections with their streams; on the screen it shows their view, with the filter. */
export const connections: Command = {
  verb: 'connections',
  aliases: ['conns', 'streams'],
  summary: 'lists the connections and their streams, or those that a filter lets through',
  details: 'On the screen it goes to their view.',
  params: [
    {
      name: 'filter',
      kind: 'text',
      optional: true,
      rest: 'query',
      summary: 'e.g. path:relayed protocol:kad',
    },
  ],
  examples: ['connections', 'connections path:relayed', 'connections dir:inbound transport:quic'],
  where: 'node',
  answers: ['connection', 'connections'],
  async run(args, { swarm, reply, screen }) {
    const query = String(args.filter ?? '')
    const { matches } = parseFilter(query, CONNECTION_KEYS)
    const found = connectionsInOrder(swarm()).filter(connection => matches(connectionSubject(connection)))
    if (screen !== undefined) {
      screen.dispatch({ type: 'view', view: 'connections' })
      if (args.filter !== undefined) {
        screen.dispatch({ type: 'filter', pane: 'connections', filter: query })
      }
    } else {
      for (const line of connectionReplies(found, swarm())) reply(line)
    }
    reply(connectionsSum(found, swarm()))
  },
}
