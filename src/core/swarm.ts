/** What is known of a swarm at one moment: plain data, the sum of all NodeEvents so far. */
import type { HowLearned } from './event-terms.ts'
import type { Query as QueryKind, Source, Traffic, WarningTopic } from './events.ts'
import type { Failure, Stage } from './failure.ts'
import type { Limit, Limits } from './limit-terms.ts'
import type { PingStats } from './ping-stats.ts'
import type { SafeText } from './safe-text.ts'

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

/** One open stream on a connection, with its own bytes. `openedAt` is in ms since the epoch. */
export interface Stream extends Traffic {
  streamId: SafeText
  protocol: SafeText
  direction: 'inbound' | 'outbound'
  openedAt: number
}

/** One open connection, what it is made of, and its streams. `openedAt` is in ms since the epoch. */
export interface Connection extends Traffic {
  connectionId: SafeText
  peerId: SafeText
  address: SafeText
  direction: 'inbound' | 'outbound'
  transport: SafeText
  encryption: SafeText
  muxer: SafeText
  /** True: through a relay, within the limits. */
  relayed?: boolean
  limitBytes?: number
  limitMs?: number
  openedAt: number
  streams: readonly Stream[]
}

/** A dial under way. */
export interface Dial {
  requestId: SafeText
  target: SafeText
  peerId?: SafeText
  startedAt: number
  stages: readonly { stage: Stage; elapsedMs: number }[]
}

/** A relay's promise to pass connections on. Absent limits: none. `expiresAt` is in ms since the epoch. */
export interface Reservation {
  /** The relay; or, where we are the relay, whom we promised it. */
  peerId: SafeText
  /** Where the holder can be reached through it. */
  addresses: readonly SafeText[]
  expiresAt: number
  limitBytes?: number
  limitMs?: number
  /** Where we are the relay: connections to the holder that are over, and what they carried in bytes. */
  relayed?: { circuits: number; bytes: number }
}

/** A relay that gives us no reservation, and is asked again. `nextAt` is in ms since the epoch. */
export interface AwaitedRelay {
  /** One of these is there. */
  peerId?: SafeText
  address?: SafeText
  /** Tries in vain. */
  attempts: number
  nextAt: number
}

/** What this node gives as a relay: how many reservations, how many connections a peer, and the limits of each. */
export interface RelayService {
  reservations: number
  circuits: number
  limitBytes?: number
  limitMs?: number
}

/** A connection between two others that goes through this node. `openedAt` is in ms since the epoch. */
export interface Circuit {
  circuitId: SafeText
  /** Who dialed. */
  peerId: SafeText
  /** Who was dialed: the holder of a reservation. */
  toPeerId: SafeText
  openedAt: number
  /** Relayed so far to the one who was dialed, and back. */
  bytesTo: number
  bytesBack: number
}

/** One attempt of a peer to dial us back (AutoNAT). `time` is in ms since the epoch. */
export interface ReachCheck {
  /** Absent: it was not told who tried. */
  peerId?: SafeText
  reachable: boolean
  time: number
}

/** The latest hole punch with a peer, under way or over. `startedAt` is in ms since the epoch. */
export interface Punch {
  peerId: SafeText
  startedAt: number
  state: 'started' | 'succeeded' | 'failed'
  /** The try that is under way, or was the last. */
  latest?: { how: 'dial' | 'punch'; attempt: number; attempts: number; addresses: readonly SafeText[] }
  /** From its start to its end. */
  durationMs?: number
  /** Where it got through. */
  address?: SafeText
  /** Why it failed, and what to do. */
  failure?: { cause: SafeText; hint: SafeText }
}

/** An address at which others may reach this node. `learnedAt` is in ms since the epoch. */
export interface OwnAddress {
  address: SafeText
  how: HowLearned
  /** Peers who told of it, the first one first; not all of many. */
  toldBy: readonly SafeText[]
  learnedAt: number
  /** The last attempt of each peer that tried, the newest last; not all of many. */
  checks: readonly ReachCheck[]
  /** What the checks amount to; absent: nobody has tried. */
  reachable?: boolean
}

/** A peer in the routing table. `bucket`: leading bits that its key shares with ours. */
export interface RoutingEntry {
  peerId: SafeText
  bucket: number
  addedAt: number
  /** When it answered us or asked us something last. */
  heardAt: number
}

/** A bucket of the routing table through which a lookup went. Times are ms since the epoch. */
export interface BucketAge {
  bucket: number
  refreshedAt: number
}

/** Something that this node says in the DHT that it has. Times are ms since the epoch. */
export interface Providing {
  cid: SafeText
  since: number
  /** Absent: not yet in this run. */
  announcedAt?: number
  /** How many peers were told. */
  peers?: number
  /** Why the last try failed. */
  cause?: SafeText
  nextAt?: number
}

/** A query of the DHT under way; counts of peers. */
export interface Query {
  requestId: SafeText
  query: QueryKind
  subject: SafeText
  startedAt: number
  asked: number
  answered: number
  failed: number
  found: number
  /** Found so far. */
  results: readonly { peerId: SafeText; addresses: readonly SafeText[] }[]
  /** Of a record, cut to what fits a line. */
  value?: SafeText
}

/** The last query that ended, with what it found. */
export interface EndedQuery extends Query {
  outcome: 'found' | 'nothing' | 'done' | 'cancelled' | 'failed'
  durationMs: number
  cause?: SafeText
}

/** Something that does not work as it should, and what to do about it. `time` is in ms since the epoch. */
export interface Warning {
  topic: WarningTopic
  cause: SafeText
  hint: SafeText
  time: number
}

/** Limits of connections, and how much of them is used. */
export interface LimitsInfo {
  most: Limits
  /** How many of the connections others may open; the rest is kept for our own dials. */
  inbound: number
  /** Now: connections that others opened and those of the host that has most, handshakes of others under way, dials under way or waiting. */
  used: { inbound: number; perHost: number; pending: number; dials: number }
  /** What each limit has refused since the start. */
  refused: { readonly [L in Limit]?: number }
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
