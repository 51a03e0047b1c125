import type { Filter, FilterSubject } from '../../core/filter.ts'
import { plural } from '../../core/format.ts'
import { safeText, say } from '../../core/safe-text.ts'
import type { RoutingEntry } from '../../core/swarm.ts'
import { type Bucket, bucketsInOrder } from '../../store/selectors/in-order.ts'
import { peerLabel } from '../../store/selectors/peer-label.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import { ageText } from '../connections/connection-columns.ts'
import type { ViewList, ViewRow } from '../list-view/view-list.ts'
import { bucketSpans } from './bucket-spans.ts'
import { entryHeading, entrySpans } from './entry-columns.ts'
import { queryRows } from './query-rows.ts'

/** The DHT: queries under way, then the buckets of the routing table with their peers. */
export function routingList(swarm: SwarmState, filter: Filter): ViewList {
  const { dht, routing, queries } = swarm
  const buckets = bucketsInOrder(swarm)
  const shown = buckets.map(({ bucket, entries }) => ({
    bucket,
    size: entries.length,
    entries: entries.filter(entry => filter.matches(entrySubject(swarm, entry))),
  }))
  const rows = shown.filter(({ entries }) => entries.length > 0).flatMap(bucket => bucketRows(swarm, bucket))
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
    rows: rows.length === 0 ? queryRows(swarm) : [...queryRows(swarm), ...tableHead(queries.size), ...rows],
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
  const heading: ViewRow = { id: 'heading', skipped: true, spans: ({ columns }) => entryHeading(columns) }
  return queries === 0 ? [heading] : [{ id: 'blank', skipped: true, spans: () => [] }, heading]
}

function bucketRows(swarm: SwarmState, { bucket, size, entries }: Bucket & { size: number }): ViewRow[] {
  return [
    {
      id: `bucket ${bucket}`,
      spans: ({ columns, glyphs }) => bucketSpans(columns, { bucket, size, glyphs }),
    },
    ...entries.map(entry => entryRow(swarm, entry)),
  ]
}

function entryRow(swarm: SwarmState, { peerId, heardAt }: RoutingEntry): ViewRow {
  const peer = swarm.peers.get(peerId)
  return {
    id: peerId,
    peerId,
    time: now => ageText(now - heardAt),
    spans: ({ columns, glyphs, time }) =>
      entrySpans(columns, { peer, label: peerLabel(swarm, peerId), age: time, glyphs }),
  }
}

function entrySubject(swarm: SwarmState, { peerId }: RoutingEntry): FilterSubject {
  return {
    text: () => {
      const { name = '', agentVersion = '', addresses = [] } = swarm.peers.get(peerId) ?? {}
      return [peerId, name, agentVersion, ...addresses].join(' ').toLowerCase()
    },
    values: () => [],
  }
}
