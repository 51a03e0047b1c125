import { shortAge } from '../../core/format.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { BucketAge, RoutingEntry } from '../../core/swarm.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import { ageText } from '../connections/connection-columns.ts'
import type { Grouping } from '../list-view/rows.ts'
import type { ViewRow } from '../list-view/view-list.ts'
import type { ShownBucket } from './bucket-filter.ts'
import { bucketSpans } from './bucket-spans.ts'
import { entrySpans } from './entry-columns.ts'

/** A bucket is a row, and each of its peers one below it. */
export function bucketRows(swarm: SwarmState): Grouping<ShownBucket> {
  return {
    count: ({ entries }) => 1 + entries.length,
    row(bucket, place) {
      if (place === 0) return bucketRow(bucket, swarm.buckets.get(bucket.bucket))
      const entry = bucket.entries[place - 1]
      return entry === undefined ? undefined : entryRow(swarm, entry)
    },
    placeOf({ bucket, entries }, id) {
      if (id === idOf(bucket)) return 0
      if (swarm.routing.get(id)?.bucket !== bucket) return -1
      const entry = entries.findIndex(({ peerId }) => peerId === id)
      return entry < 0 ? -1 : entry + 1
    },
  }
}

function idOf(bucket: number): string {
  return `bucket ${bucket}`
}

function bucketRow({ bucket, size }: ShownBucket, age: BucketAge | undefined): ViewRow {
  return {
    id: idOf(bucket),
    time: now => (age === undefined ? undefined : sinceText(now - age.refreshedAt)),
    spans: ({ columns, glyphs, time }) => bucketSpans(columns, { bucket, size, glyphs, age: time }),
  }
}

const MINUTE = 60_000

/** How long ago a bucket was refreshed; changes no more than once a minute. */
function sinceText(ms: number): SafeText {
  return ms < MINUTE ? say`<1m` : shortAge(ms)
}

function entryRow(swarm: SwarmState, { peerId, heardAt }: RoutingEntry): ViewRow {
  const peer = swarm.peers.get(peerId)
  return {
    id: peerId,
    peerId,
    time: now => ageText(now - heardAt),
    spans: ({ time, ...room }) => entrySpans(room, { peer, label: shownName(swarm, peerId), age: time }),
  }
}
