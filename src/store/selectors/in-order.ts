/** Rows of the views in an order that does not change while figures do. */
import type { Connection, RoutingEntry } from '../../core/swarm.ts'
import type { SwarmState } from '../swarm/state.ts'

/** Open connections, the oldest first: a new one comes last and moves nothing. */
export function connectionsInOrder({ connections }: SwarmState): Connection[] {
  return [...connections.values()].sort(
    (a, b) => a.openedAt - b.openedAt || compare(a.connectionId, b.connectionId),
  )
}

/** A bucket of the routing table, with its peers. `bucket`: leading bits that their keys share with ours. */
export interface Bucket {
  bucket: number
  entries: readonly RoutingEntry[]
}

/** The buckets that hold somebody, the farthest from us first; the peers of each, the longest known first. */
export function bucketsInOrder({ routing }: SwarmState): Bucket[] {
  const buckets = Map.groupBy(routing.values(), ({ bucket }) => bucket)
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([bucket, entries]) => ({
      bucket,
      entries: entries.sort((a, b) => a.addedAt - b.addedAt || compare(a.peerId, b.peerId)),
    }))
}

/** By code units: the same everywhere, whatever the locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
