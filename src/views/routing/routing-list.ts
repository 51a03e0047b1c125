import type { Filter } from '../../core/filter.ts'
import { plural } from '../../core/format.ts'
import { safeText, say } from '../../core/safe-text.ts'
import { bucketsInOrder } from '../../store/selectors/in-order.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import { grouped, joined, listed } from '../list-view/rows.ts'
import type { ViewList, ViewRow } from '../list-view/view-list.ts'
import { shownBuckets } from './bucket-filter.ts'
import { bucketRows } from './bucket-rows.ts'
import { entryHeading } from './entry-columns.ts'
import { queryRows } from './query-rows.ts'

/** The DHT: queries under way, then the buckets of the routing table with their peers. */
export function routingList(swarm: SwarmState, filter: Filter): ViewList {
  const { dht, routing, queries } = swarm
  const buckets = bucketsInOrder(swarm)
  const shown = shownBuckets(swarm, filter)
  return {
    title: say`Routing`,
    notes:
      dht === undefined
        ? [{ text: say`no DHT`, style: 'dim' }]
        : [
            { text: say`${safeText(dht.mode)} of ${dht.protocol}`, style: 'dim' },
            { text: plural(routing.size, say`peer`, say`peers`), style: 'dim' },
            { text: plural(buckets.length, say`bucket`, say`buckets`), style: 'dim' },
            ...(queries.size === 0
              ? []
              : [{ text: plural(queries.size, say`query`, say`queries`), style: 'accent' } as const]),
          ],
    rows: joined(
      listed(queryRows(swarm)),
      listed(shown.length === 0 ? [] : tableHead(queries.size)),
      grouped(shown, bucketRows(swarm)),
    ),
    empty:
      dht === undefined
        ? [
            say`No DHT: this node takes no part in one.`,
            say`Start p2p-tui with --dht lan for one among the nodes of this network, --dht public for that of IPFS.`,
          ]
        : [
            say`The routing table is empty.`,
            say`Peers that serve ${dht.protocol} come here once they are connected: d dials one.`,
          ],
    errors: [],
  }
}

/** The headings of the table, apart from the queries above it. */
function tableHead(queries: number): ViewRow[] {
  const heading: ViewRow = { id: 'heading', skipped: true, spans: entryHeading }
  return queries === 0 ? [heading] : [{ id: 'blank', skipped: true, spans: () => [] }, heading]
}
