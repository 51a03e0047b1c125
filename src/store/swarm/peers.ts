import type { NodeEvent } from '../../core/events.ts'
import { addLoss, addRefusal, addRtt } from '../../core/ping-stats.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { Peer } from '../../core/swarm.ts'
import { derived, MAX_ADDRESSES, newPeer, withEarlier, withoutSightings, withSighting } from './peer.ts'
import { isHole } from './punches.ts'
import type { EventReducers } from './reducing.ts'
import type { SwarmState } from './state.ts'

/** Kinds of failed pings that did not get as far as a ping on its way. */
const NEVER_SENT: ReadonlySet<NodeEvent<'ping:failed'>['kind']> = new Set(['unsupported', 'unreachable'])

/** Peers: who was heard, how and when, what they say of themselves, how their pings go. */
export const peerReducers: EventReducers = {
  'peer:discovered': (state, { peerId, source, time, addresses, earlier = [] }) =>
    seen(state, peerId, time, peer =>
      withEarlier(withSighting(peer, source, time, addresses), source, earlier),
    ),
  'peer:refreshed': (state, { peerId, source, time, addresses }) =>
    seen(state, peerId, time, peer => withSighting(peer, source, time, addresses)),
  'peer:expired': (state, { peerId, source }) =>
    changed(state, peerId, peer => withoutSightings(peer, other => other === source)),
  'peer:forgotten': (state, { peerId }) => ({ ...state, peers: state.peers.delete(peerId) }),

  'name:given': (state, { peerId, name, time }) => made(state, peerId, time, peer => ({ ...peer, name })),
  'name:taken': (state, { peerId }) => changed(state, peerId, ({ name: _, ...peer }) => peer),
  'keep:started': (state, { peerId, time }) =>
    made(state, peerId, time, peer => ({ ...peer, keep: { attempt: 0 } })),
  'keep:tried': (state, { peerId, attempt, nextInMs, time }) =>
    changed(state, peerId, peer => ({ ...peer, keep: { attempt, nextAt: time + nextInMs } })),
  'keep:stopped': (state, { peerId }) => changed(state, peerId, ({ keep: _, ...peer }) => peer),

  'peer:identified': (state, event) =>
    seen(state, event.peerId, event.time, peer =>
      derived({
        ...peer,
        identify: 'done',
        protocols: event.protocols,
        claimedAddresses: event.addresses.slice(0, MAX_ADDRESSES),
        ...(event.agentVersion === undefined ? {} : { agentVersion: event.agentVersion }),
        ...(event.protocolVersion === undefined ? {} : { protocolVersion: event.protocolVersion }),
        ...(event.observedAddress === undefined ? {} : { observedAddress: event.observedAddress }),
      }),
    ),
  'peer:unidentified': (state, { peerId }) =>
    // What it said on another connection still holds.
    changed(state, peerId, peer =>
      peer.identify === 'done' && peer.connectionIds.length > 1 ? peer : { ...peer, identify: 'failed' },
    ),
  'peer:updated': (state, { peerId, protocols }) =>
    changed(state, peerId, peer => (protocols.length === 0 ? peer : { ...peer, protocols })),

  'connection:opened': (state, { peerId, connectionId, direction, address, time }) =>
    seen(state, peerId, time, ({ dialFailure: _, ...peer }) => {
      const connected: Peer = {
        ...peer,
        connectionIds: [...peer.connectionIds, connectionId],
        ...(peer.keep === undefined ? {} : { keep: { attempt: 0 } }),
        identify: peer.identify === 'done' ? 'done' : 'pending',
      }
      // An inbound connection comes from a port that nobody listens on: not an address to dial. Nor is a hole.
      return direction === 'inbound' || isHole(state, peerId, address)
        ? withSighting(connected, 'inbound', time, [])
        : withSighting(connected, 'dialed', time, [address])
    }),
  'connection:closed': (state, { peerId, connectionId }) =>
    changed(state, peerId, peer => {
      const connectionIds = peer.connectionIds.filter(id => id !== connectionId)
      return connectionIds.length > 0 ? { ...peer, connectionIds } : disconnected(peer)
    }),
  'node:stopped': state => ({
    ...state,
    peers: state.peers.map(({ pingIntervalMs: _, ...peer }) =>
      peer.connectionIds.length > 0 ? disconnected(peer) : peer,
    ),
  }),
  // A connection that stands already is a success without a new connection.
  'dial:succeeded': (state, { peerId }) => changed(state, peerId, ({ dialFailure: _, ...peer }) => peer),
  'dial:failed': (state, { peerId, stage, cause, hint }) =>
    peerId === undefined
      ? state
      : changed(state, peerId, peer => ({ ...peer, dialFailure: { stage, cause, hint } })),

  'ping:started': (state, { peerId, intervalMs }) =>
    changed(state, peerId, peer => ({ ...peer, pingIntervalMs: intervalMs })),
  'ping:stopped': (state, { peerId }) => changed(state, peerId, ({ pingIntervalMs: _, ...peer }) => peer),
  'ping:succeeded': (state, { peerId, rttMs, cold, time }) =>
    seen(state, peerId, time, peer => ({ ...peer, ping: addRtt(peer.ping, rttMs, cold) })),
  'ping:failed': (state, { peerId, kind, cause }) =>
    changed(state, peerId, peer => ({
      ...peer,
      ping: NEVER_SENT.has(kind) ? addRefusal(peer.ping, cause) : addLoss(peer.ping, cause),
    })),
  'ping:answered': (state, { peerId, time }) => seen(state, peerId, time, peer => peer),
}

/** A change that shows that the peer lives; it is made if it is new. */
function seen(state: SwarmState, peerId: SafeText, time: number, change: (peer: Peer) => Peer): SwarmState {
  const before = state.peers.get(peerId) ?? newPeer(peerId, time)
  return { ...state, peers: state.peers.set(peerId, change({ ...before, lastSeen: time })) }
}

/** A change that says nothing about whether the peer lives; it is made if it is new. */
function made(state: SwarmState, peerId: SafeText, time: number, change: (peer: Peer) => Peer): SwarmState {
  const before = state.peers.get(peerId) ?? newPeer(peerId, time)
  return { ...state, peers: state.peers.set(peerId, change(before)) }
}

/** A change to a peer that is known; nothing otherwise. */
function changed(state: SwarmState, peerId: SafeText, change: (peer: Peer) => Peer): SwarmState {
  const before = state.peers.get(peerId)
  return before === undefined ? state : { ...state, peers: state.peers.set(peerId, change(before)) }
}

/** Whoever keeps pinging it goes on when it comes back. */
function disconnected(peer: Peer): Peer {
  return withoutSightings(
    {
      ...peer,
      connectionIds: [],
      rateIn: 0,
      rateOut: 0,
      identify: peer.identify === 'pending' ? 'none' : peer.identify,
    },
    source => source === 'inbound' || source === 'dialed',
  )
}
