/** What is known of a swarm at one moment: plain data, the sum of all NodeEvents so far. */
import type { Traffic, WarningTopic } from './events.ts'
import type { Failure } from './failure.ts'
import type { SafeText } from './safe-text.ts'
import type { Connection, Dial, LimitsInfo } from './swarm/connections.ts'
import type { Peer } from './swarm/peers.ts'
import type { OwnAddress, Punch } from './swarm/reach.ts'
import type { AwaitedRelay, Circuit, RelayService, Reservation } from './swarm/relays.ts'
import type { BucketAge, EndedQuery, Providing, Query, RoutingEntry } from './swarm/routing.ts'

export type { Connection, Dial, LimitsInfo, Stream } from './swarm/connections.ts'
export type { Peer, Presence, Sighting } from './swarm/peers.ts'
export type { OwnAddress, Punch, ReachCheck } from './swarm/reach.ts'
export type { AwaitedRelay, Circuit, RelayService, Reservation } from './swarm/relays.ts'
export type { BucketAge, EndedQuery, Providing, Query, RoutingEntry } from './swarm/routing.ts'

/** Something that does not work as it should, and what to do about it. `time` is in ms since the epoch. */
export interface Warning {
  topic: WarningTopic
  cause: SafeText
  hint: SafeText
  time: number
}

/** This node itself. `startedAt` is in ms since the epoch. */
export interface NodeInfo {
  status: 'starting' | 'running' | 'stopped'
  peerId?: SafeText
  agentVersion?: SafeText
  /** Absent: an ephemeral identity. */
  profile?: SafeText
  startedAt?: number
  listening: readonly SafeText[]
  stopReason?: SafeText
}

/** The whole swarm as one plain value: for a reader that starts late or has lost events. */
export interface SwarmSnapshot {
  /** The last event that this state contains; 0 before the first. */
  seq: number
  /** Time of that event, ms since the epoch. */
  time: number
  node: NodeInfo
  peers: readonly Peer[]
  connections: readonly Connection[]
  dials: readonly Dial[]
  warnings: readonly Warning[]
  /** Reservations that we hold, and those that we grant. */
  relays: readonly Reservation[]
  granted: readonly Reservation[]
  /** Relays that we have lost or did not get, and want. */
  awaited: readonly AwaitedRelay[]
  /** Connections of others that go through this node. */
  circuits: readonly Circuit[]
  /** Absent: this node is no relay. */
  relayService?: RelayService
  ownAddresses: readonly OwnAddress[]
  punches: readonly Punch[]
  /** Absent: no AutoNAT. */
  autonat?: { asks: boolean; answers: boolean }
  /** What came of asking the router to forward ports; absent: it was not asked. */
  upnp?: { gateway?: SafeText; failure?: Failure }
  /** Absent: the node has not started yet. */
  limits?: LimitsInfo
  /** Absent: no DHT. */
  dht?: { protocol: SafeText; mode: 'client' | 'server' }
  routing: readonly RoutingEntry[]
  buckets: readonly BucketAge[]
  providing: readonly Providing[]
  queries: readonly Query[]
  /** Absent: none has ended yet. */
  lastQuery?: EndedQuery
  traffic: Traffic
  protocols: readonly (Traffic & { protocol: SafeText })[]
}
