/** Rows of the views in an order that does not change while figures do. */
import { perValue } from '../../core/per-value.ts'
import type { Connection, RoutingEntry } from '../../core/swarm.ts'
import type { SwarmState } from '../swarm/state.ts'

/** Open connections, the oldest first: a new one comes last and moves nothing. */
export function connectionsInOrder({ connections }: SwarmState): readonly Connection[] {
  return oldestFirst(connections)
}

const oldestFirst = perValue((connections: SwarmState['connections']): readonly Connection[] =>
  [...connections.values()].sort(byOpening),
)

/** Of two connections the older one first; a total order. */
export function byOpening(a: Connection, b: Connection): number {
  return a.openedAt - b.openedAt || compare(a.connectionId, b.connectionId)
}

/** A bucket of the routing table, with its peers. `bucket`: leading bits that their keys share with ours. */
export interface Bucket {
  bucket: number
  entries: readonly RoutingEntry[]
}

/** The buckets that hold somebody, the farthest from us first; the peers of each, the longest known first. */
export function bucketsInOrder({ routing }: SwarmState): readonly Bucket[] {
  return farthestFirst(routing)
}

const farthestFirst = perValue((routing: SwarmState['routing']): readonly Bucket[] => {
  const buckets = Map.groupBy(routing.values(), ({ bucket }) => bucket)
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([bucket, entries]) => ({
      bucket,
      entries: entries.sort((a, b) => a.addedAt - b.addedAt || compare(a.peerId, b.peerId)),
    }))
})

/** By code units: the same everywhere, whatever the locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
