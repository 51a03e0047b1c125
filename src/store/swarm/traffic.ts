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
    peers: event.peers.reduce((peers, sample) => {
      const peer = peers.get(sample.peerId)
      return peer === undefined ? peers : peers.set(sample.peerId, { ...peer, ...trafficOf(sample) })
    }, state.peers),
  }),
}
