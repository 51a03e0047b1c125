import { shortAge } from '../../core/format.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Peer, Sighting } from '../../core/swarm.ts'

/** For so long a peer is new to the list. */
const NEW_MS = 10_000

/** Columns for the longest word before an age, and a blank. */
const HOW_COLUMNS = 8

/**
 * How a peer came to notice, and how long ago: to the second while it is new, and again once it is gone. In between
 * the sign of its state says that it is there, and an age would only make the screen restless. `now` is in ms since
 * the epoch; undefined: nobody has seen it.
 */
export function heardText(peer: Peer, now: number): SafeText | undefined {
  const [latest] = [...peer.sightings].sort((a, b) => b.lastSeen - a.lastSeen)
  if (latest === undefined) return undefined
  const how = peer.presence === 'expired' ? say`expired` : safeText(latest.source)
  const age = now - beginOf(latest)
  return latest.current && age >= NEW_MS ? how : say`${how.padEnd(HOW_COLUMNS) as typeof how}${shortAge(age)}`
}

/** mDNS tells of a peer again and again, a connection opens once. Of what no longer holds the end counts. */
function beginOf({ source, current, firstSeen, lastSeen }: Sighting): number {
  return current && source === 'mdns' ? firstSeen : lastSeen
}
