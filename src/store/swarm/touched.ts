import type { NodeEvent } from '../../core/events.ts'
import type { SafeText } from '../../core/safe-text.ts'

/** Whom some events may have changed; all others are the same values as before. */
export type TouchedPeers = ReadonlySet<SafeText> | 'all'

/** The peers that events are about. What the reducers change beyond these, nobody would see: a test compares the two. */
export function touchedPeers(events: readonly NodeEvent[]): TouchedPeers {
  const touched = new Set<SafeText>()
  for (const event of events) {
    if (event.type === 'node:stopped') return 'all'
    if (event.type === 'traffic:sampled') for (const { peerId } of event.peers) touched.add(peerId)
    else if ('peerId' in event && event.peerId !== undefined) touched.add(event.peerId)
  }
  return touched
}
