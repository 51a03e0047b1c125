import type { SafeText } from '../../core/safe-text.ts'
import type { Connection } from '../../core/swarm.ts'
import type { EventReducers } from './reducing.ts'
import type { SwarmState } from './state.ts'
import { NO_TRAFFIC } from './traffic-figures.ts'

/** Open connections and their live streams. */
export const connectionReducers: EventReducers = {
  'connection:opened': (state, event) => {
    const connection: Connection = {
      connectionId: event.connectionId,
      peerId: event.peerId,
      address: event.address,
      direction: event.direction,
      transport: event.transport,
      encryption: event.encryption,
      muxer: event.muxer,
      ...(event.relayed === undefined ? {} : { relayed: event.relayed }),
      ...(event.limitBytes === undefined ? {} : { limitBytes: event.limitBytes }),
      ...(event.limitMs === undefined ? {} : { limitMs: event.limitMs }),
      openedAt: event.time,
      streams: [],
      ...NO_TRAFFIC,
    }
    return { ...state, connections: state.connections.set(event.connectionId, connection) }
  },
  'connection:closed': (state, { connectionId }) => ({
    ...state,
    connections: state.connections.delete(connectionId),
  }),
  'stream:opened': (state, { connectionId, streamId, protocol, direction, time }) =>
    update(state, connectionId, connection => ({
      ...connection,
      streams: [...connection.streams, { streamId, protocol, direction, openedAt: time, ...NO_TRAFFIC }],
    })),
  'stream:closed': (state, { connectionId, streamId }) =>
    update(state, connectionId, connection => ({
      ...connection,
      streams: connection.streams.filter(stream => stream.streamId !== streamId),
    })),
}

function update(
  state: SwarmState,
  connectionId: SafeText,
  change: (connection: Connection) => Connection,
): SwarmState {
  const connection = state.connections.get(connectionId)
  if (connection === undefined) return state
  return { ...state, connections: state.connections.set(connectionId, change(connection)) }
}
