/** Peers, and how they came to notice. */
import type { Source, Traffic } from '../events.ts'
import type { Failure } from '../failure.ts'
import type { PingStats } from '../ping-stats.ts'
import type { SafeText } from '../safe-text.ts'

/** connected now; heard by discovery within its time to live; expired; or only known of (dialed, seen, earlier runs). */
export type Presence = 'connected' | 'heard' | 'expired' | 'known'

/** One way in which a peer came to our notice. Times are ms since the epoch. */
export interface Sighting {
  source: Source
  firstSeen: number
  lastSeen: number
  /** False once this source has given the peer up (mDNS: expired). */
  current: boolean
  addresses: readonly SafeText[]
  /** Of the source `known`: who told of the peer in earlier runs, and when. */
  earlier?: readonly Pick<Sighting, 'source' | 'firstSeen' | 'lastSeen'>[]
}

/** All that is known of one peer. Times are in ms since the epoch. */
export interface Peer extends Traffic {
  peerId: SafeText
  presence: Presence
  firstSeen: number
  lastSeen: number
  sightings: readonly Sighting[]
  /** Every address known, the most trustworthy first: {@link Sighting}s that hold, then claims, then expired ones. */
  addresses: readonly SafeText[]
  /** Where the peer says (identify) that it listens. */
  claimedAddresses: readonly SafeText[]
  connectionIds: readonly SafeText[]
  identify: 'none' | 'pending' | 'done' | 'failed'
  agentVersion?: SafeText
  protocolVersion?: SafeText
  /** Where this peer sees us. */
  observedAddress?: SafeText
  protocols: readonly SafeText[]
  ping: PingStats
  /** Set while a person keeps pinging this peer. */
  pingIntervalMs?: number
  /** Why the last dial to it failed; gone once one succeeds. */
  dialFailure?: Failure
  /** What a person calls it. */
  name?: SafeText
  /** Set while its connection is to stay. `attempt`: failed tries since it was lost; `nextAt`: ms since the epoch. */
  keep?: { attempt: number; nextAt?: number }
}
