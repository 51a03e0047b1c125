import { Map as PersistentMap } from 'immutable'
import type { Traffic } from '../../core/events.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type {
  AwaitedRelay,
  BucketAge,
  Circuit,
  Connection,
  Dial,
  EndedQuery,
  NodeInfo,
  OwnAddress,
  Peer,
  Providing,
  Punch,
  Query,
  RelayService,
  Reservation,
  RoutingEntry,
  SwarmSnapshot,
  Warning,
} from '../../core/swarm.ts'
import { VersionedMap } from '../../core/versioned-map.ts'
import { NO_TRAFFIC } from './traffic-figures.ts'

/**
 * All that is known of a swarm, the sum of its events. Never changed in place: an event makes a new value that shares
 * what it did not touch. Nobody keeps an old one for long: see {@link VersionedMap}.
 */
export interface SwarmState {
  /** The last event that is contained; 0 before the first. */
  readonly seq: number
  /** Time of that event, ms since the epoch. */
  readonly time: number
  readonly node: NodeInfo
  /** By Peer ID. */
  readonly peers: VersionedMap<string, Peer>
  /** Open ones, by connection id. */
  readonly connections: PersistentMap<string, Connection>
  /** Under way, by request id. */
  readonly dials: PersistentMap<string, Dial>
  /** In force, by topic. */
  readonly warnings: PersistentMap<string, Warning>
  /** Reservations that we hold, by the relay's Peer ID. */
  readonly relays: PersistentMap<string, Reservation>
  /** Reservations that we grant, by the Peer ID of whom we granted it. */
  readonly granted: PersistentMap<string, Reservation>
  /** Relays that we want a reservation of, by Peer ID, or by address where that is not known. */
  readonly awaited: PersistentMap<string, AwaitedRelay>
  /** Absent: this node is no relay. */
  readonly relayService?: RelayService
  /** Connections of others through us, by circuit id. */
  readonly circuits: PersistentMap<string, Circuit>
  /** Where others may reach us, by address. */
  readonly ownAddresses: PersistentMap<string, OwnAddress>
  /** The latest hole punches, by Peer ID. */
  readonly punches: PersistentMap<string, Punch>
  /** Absent: no AutoNAT. */
  readonly autonat?: NonNullable<SwarmSnapshot['autonat']>
  /** Absent: the router was not asked to forward ports. */
  readonly upnp?: NonNullable<SwarmSnapshot['upnp']>
  /** Absent: the node has not started yet. */
  readonly limits?: NonNullable<SwarmSnapshot['limits']>
  /** Absent: no DHT. */
  readonly dht?: NonNullable<SwarmSnapshot['dht']>
  /** By Peer ID. */
  readonly routing: PersistentMap<string, RoutingEntry>
  /** When lookups went through each bucket last. */
  readonly buckets: PersistentMap<number, BucketAge>
  /** What we say that we have, by CID. */
  readonly providing: PersistentMap<string, Providing>
  /** Absent: no query has ended yet. */
  readonly lastQuery?: EndedQuery
  /** Under way, by request id. */
  readonly queries: PersistentMap<string, Query>
  /** All bytes on the wire. */
  readonly traffic: Traffic
  /** By protocol id. */
  readonly protocols: PersistentMap<SafeText, Traffic>
}

/** The swarm before the first event. */
export const EMPTY_SWARM: SwarmState = {
  seq: 0,
  time: 0,
  node: { status: 'starting', listening: [] },
  peers: VersionedMap.of(),
  connections: PersistentMap(),
  dials: PersistentMap(),
  warnings: PersistentMap(),
  relays: PersistentMap(),
  granted: PersistentMap(),
  awaited: PersistentMap(),
  circuits: PersistentMap(),
  ownAddresses: PersistentMap(),
  punches: PersistentMap(),
  routing: PersistentMap(),
  buckets: PersistentMap(),
  providing: PersistentMap(),
  queries: PersistentMap(),
  traffic: NO_TRAFFIC,
  protocols: PersistentMap(),
}
