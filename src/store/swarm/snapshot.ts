import { Map as PersistentMap } from 'immutable'
import type { SwarmSnapshot } from '../../core/swarm.ts'
import { VersionedMap } from '../../core/versioned-map.ts'
import type { SwarmState } from './state.ts'

/** The state as plain data, to cross a thread or a socket. */
export function toSnapshot(state: SwarmState): SwarmSnapshot {
  return {
    seq: state.seq,
    time: state.time,
    node: state.node,
    peers: state.peers.values(),
    connections: [...state.connections.values()],
    dials: [...state.dials.values()],
    warnings: [...state.warnings.values()],
    relays: [...state.relays.values()],
    granted: [...state.granted.values()],
    awaited: [...state.awaited.values()],
    circuits: [...state.circuits.values()],
    ...(state.relayService === undefined ? {} : { relayService: state.relayService }),
    ownAddresses: [...state.ownAddresses.values()],
    punches: [...state.punches.values()],
    ...(state.autonat === undefined ? {} : { autonat: state.autonat }),
    ...(state.upnp === undefined ? {} : { upnp: state.upnp }),
    ...(state.limits === undefined ? {} : { limits: state.limits }),
    ...(state.dht === undefined ? {} : { dht: state.dht }),
    routing: [...state.routing.values()],
    buckets: [...state.buckets.values()],
    providing: [...state.providing.values()],
    queries: [...state.queries.values()],
    ...(state.lastQuery === undefined ? {} : { lastQuery: state.lastQuery }),
    traffic: state.traffic,
    protocols: [...state.protocols].map(([protocol, traffic]) => ({
      protocol,
      ...traffic,
    })),
  }
}

/** The state that a snapshot was made of. */
export function fromSnapshot(snapshot: SwarmSnapshot): SwarmState {
  return {
    seq: snapshot.seq,
    time: snapshot.time,
    node: snapshot.node,
    peers: VersionedMap.of(snapshot.peers.map(peer => [peer.peerId, peer])),
    connections: PersistentMap(snapshot.connections.map(connection => [connection.connectionId, connection])),
    dials: PersistentMap(snapshot.dials.map(dial => [dial.requestId, dial])),
    warnings: PersistentMap(snapshot.warnings.map(warning => [warning.topic, warning])),
    relays: PersistentMap(snapshot.relays.map(reservation => [reservation.peerId, reservation])),
    granted: PersistentMap(snapshot.granted.map(reservation => [reservation.peerId, reservation])),
    awaited: PersistentMap(snapshot.awaited.map(relay => [relay.peerId ?? relay.address ?? '', relay])),
    ...(snapshot.relayService === undefined ? {} : { relayService: snapshot.relayService }),
    circuits: PersistentMap(snapshot.circuits.map(circuit => [circuit.circuitId, circuit])),
    ownAddresses: PersistentMap(snapshot.ownAddresses.map(own => [own.address, own])),
    punches: PersistentMap(snapshot.punches.map(punch => [punch.peerId, punch])),
    ...(snapshot.autonat === undefined ? {} : { autonat: snapshot.autonat }),
    ...(snapshot.upnp === undefined ? {} : { upnp: snapshot.upnp }),
    ...(snapshot.limits === undefined ? {} : { limits: snapshot.limits }),
    ...(snapshot.dht === undefined ? {} : { dht: snapshot.dht }),
    routing: PersistentMap(snapshot.routing.map(entry => [entry.peerId, entry])),
    buckets: PersistentMap(snapshot.buckets.map(age => [age.bucket, age])),
    providing: PersistentMap(snapshot.providing.map(entry => [entry.cid, entry])),
    ...(snapshot.lastQuery === undefined ? {} : { lastQuery: snapshot.lastQuery }),
    queries: PersistentMap(snapshot.queries.map(query => [query.requestId, query])),
    traffic: snapshot.traffic,
    protocols: PersistentMap(snapshot.protocols.map(({ protocol, ...traffic }) => [protocol, traffic])),
  }
}
