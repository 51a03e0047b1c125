import type { Filter, FilterSubject } from '../../core/filter.ts'
import { perValue } from '../../core/per-value.ts'
import type { Peer, RoutingEntry } from '../../core/swarm.ts'
import { type Bucket, bucketsInOrder } from '../../store/selectors/in-order.ts'
import type { SwarmState } from '../../store/swarm/state.ts'

/** A bucket as the view shows it: how many peers are in it, and those of them that the filter lets through. */
export interface ShownBucket extends Bucket {
  size: number
}

/** What a filter has said of entries: only those whose peer has changed since are looked at again. */
const verdictsOf = perValue(
  (_: Filter) => new WeakMap<RoutingEntry, { peer: Peer | undefined; passes: boolean }>(),
)

/** Every bucket as it is: the filter lets everything through. */
const whole = perValue((buckets: readonly Bucket[]): readonly ShownBucket[] =>
  buckets.map(bucket => ({ ...bucket, size: bucket.entries.length })),
)

/** The buckets that have somebody to show, with whom. */
export function shownBuckets(swarm: SwarmState, filter: Filter): readonly ShownBucket[] {
  const all = whole(bucketsInOrder(swarm))
  if (filter.empty) return all
  const verdicts = verdictsOf(filter)
  const passes = (entry: RoutingEntry): boolean => {
    const peer = swarm.peers.get(entry.peerId)
    const known = verdicts.get(entry)
    if (known !== undefined && known.peer === peer) return known.passes
    const verdict = filter.matches(entrySubject(entry, peer))
    verdicts.set(entry, { peer, passes: verdict })
    return verdict
  }
  return all
    .map(bucket => ({ ...bucket, entries: bucket.entries.filter(passes) }))
    .filter(({ entries }) => entries.length > 0)
}

function entrySubject({ peerId }: RoutingEntry, peer: Peer | undefined): FilterSubject {
  return {
    text: () => {
      const { name = '', agentVersion = '', addresses = [] } = peer ?? {}
      return [peerId, name, agentVersion, ...addresses].join(' ').toLowerCase()
    },
    values: () => [],
  }
}
