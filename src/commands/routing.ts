import { plural } from '../core/format.ts'
import { safeText, say } from '../core/safe-text.ts'
import { bucketsInOrder } from '../store/selectors/in-order.ts'
import type { Command } from './command.ts'

/** Lists the routing table of the DHT; on the screen it shows its view. */
export const routing: Command = {
  verb: 'routing',
  summary: 'lists the routing table of the DHT, bucket by bucket',
  details: 'On the screen it goes to its view. Without a DHT (--dht) there is no table.',
  params: [],
  examples: ['routing'],
  where: 'node',
  async run(_, { swarm, reply, screen }) {
    const state = swarm()
    const { dht } = state
    const buckets = bucketsInOrder(state)
    if (screen !== undefined) screen.dispatch({ type: 'view', view: 'routing' })
    else {
      for (const { bucket, entries } of buckets) {
        for (const entry of entries) {
          reply({
            tone: 'plain',
            text: say`bucket ${bucket} ${entry.peerId}`,
            data: { type: 'routing:entry', ...entry },
          })
        }
      }
    }
    const size = state.routing.size
    const table = say`${plural(size, say`peer`, say`peers`)} in ${plural(buckets.length, say`bucket`, say`buckets`)}`
    reply({
      tone: 'plain',
      text:
        dht === undefined
          ? say`no DHT: start p2p-tui with --dht`
          : say`${safeText(dht.mode)} of ${dht.protocol}: ${table}, ${plural(state.queries.size, say`query`, say`queries`)} running`,
      data: {
        type: 'routing',
        ...dht,
        peers: size,
        buckets: buckets.length,
        queries: [...state.queries.values()],
      },
    })
  },
}
