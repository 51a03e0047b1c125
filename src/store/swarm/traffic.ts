import type { NodeEvent } from '../../core/events.ts'
import type { Connection } from '../../core/swarm.ts'
import type { EventReducers } from './reducing.ts'
import { trafficOf } from './traffic-figures.ts'

/** Figures of some of a connection's streams. */
type Samples = NodeEvent<'traffic:sampled'>['streams']

/** Bytes and rates: in all, by protocol, by connection, by stream and by peer. */
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
      for (const [connectionId, samples] of Map.groupBy(event.streams, ({ connectionId }) => connectionId)) {
        const connection = connections.get(connectionId)
        if (connection !== undefined) connections.set(connectionId, withSamples(connection, samples))
      }
    }),
    peers: event.peers.reduce((peers, sample) => {
      const peer = peers.get(sample.peerId)
      return peer === undefined ? peers : peers.set(sample.peerId, { ...peer, ...trafficOf(sample) })
    }, state.peers),
  }),
}

function withSamples(connection: Connection, samples: Samples): Connection {
  const figures = new Map(samples.map(sample => [sample.streamId, trafficOf(sample)]))
  const streams = connection.streams.map(stream => {
    const traffic = figures.get(stream.streamId)
    return traffic === undefined ? stream : { ...stream, ...traffic }
  })
  return { ...connection, streams }
}
