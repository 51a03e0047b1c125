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
import { providedRows } from './provided-rows.ts'
import { queryRows } from './query-rows.ts'

/** The DHT: queries and what they found, what we provide, then the buckets of the routing table with their peers. */
export function routingList(swarm: SwarmState, filter: Filter): ViewList {
  const { dht, routing, queries } = swarm
  const buckets = bucketsInOrder(swarm)
  const shown = shownBuckets(swarm, filter)
  const above = [queryRows(swarm), providedRows(swarm)].filter(({ length }) => length > 0)
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
      listed(above.flatMap((section, index) => (index === 0 ? section : [blank(index), ...section]))),
      listed(shown.length === 0 ? [] : tableHead(above.length)),
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

/** The headings of the table, apart from the sections above it. */
function tableHead(sections: number): ViewRow[] {
  const heading: ViewRow = { id: 'heading', skipped: true, spans: entryHeading }
  return sections === 0 ? [heading] : [blank(sections), heading]
}

/** An empty row; `place`: of several which. */
function blank(place: number): ViewRow {
  return { id: `blank ${place}`, skipped: true, spans: () => [] }
}
