import type { EventReducers } from './reducing.ts'
import { trafficOf } from './traffic-figures.ts'

/** Bytes and rates: in all, by protocol, by connection and by peer. */
export const trafficReducers: EventReducers = {
  'traffic:sampled': (state, event) => ({
    ...state,
    traffic: trafficOf(event.total),
    protocols: state.protocols.withMutations(protocols => {
      for (const sample of event.protocols) protocols.set(sample.protocol, trafficOf(sample))
    }),
    connections: state.connections.withMutations(connections => {
      for (const sample of event.connections) {
        const connection = connections.get(sample.connectionId)
        if (connection !== undefined) {
          connections.set(sample.connectionId, { ...connection, ...trafficOf(sample) })
        }
      }
    }),
    peers: state.peers.withMutations(peers => {
      for (const sample of event.peers) {
        const peer = peers.get(sample.peerId)
        if (peer !== undefined) peers.set(sample.peerId, { ...peer, ...trafficOf(sample) })
      }
    }),
  }),
}
