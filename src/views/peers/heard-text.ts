import { shortAge } from '../../core/format.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Peer, Sighting } from '../../core/swarm.ts'

/** For so long a peer is new to the list. */
const NEW_MS = 10_000

/** Columns for the longest word before an age, and a blank. */
const HOW_COLUMNS = 8

/**
 * How a peer came to notice, whether just now, and how long ago once it is gone. While it is there the sign of its state
 * says so, and an age would only make the screen restless: the log has the time. `now` is in ms since the epoch;
 * undefined: nobody has seen it.
 */
export function heardText(peer: Peer, now: number): SafeText | undefined {
  const [latest] = [...peer.sightings].sort((a, b) => b.lastSeen - a.lastSeen)
  if (latest === undefined) return undefined
  const how = peer.presence === 'expired' ? say`expired` : safeText(latest.source)
  const age = now - beginOf(latest)
  if (latest.current && age >= NEW_MS) return how
  return say`${how.padEnd(HOW_COLUMNS) as typeof how}${latest.current ? say`new` : shortAge(age)}`
}

/** mDNS tells of a peer again and again, a connection opens once. Of what no longer holds the end counts. */
function beginOf({ source, current, firstSeen, lastSeen }: Sighting): number {
  return current && source === 'mdns' ? firstSeen : lastSeen
}
