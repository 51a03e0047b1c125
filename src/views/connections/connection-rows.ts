import type { Connection, Stream } from '../../core/swarm.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Grouping } from '../list-view/rows.ts'
import type { ViewRow } from '../list-view/view-list.ts'
import { ageText, connectionSpans } from './connection-columns.ts'
import { streamSpans } from './stream-spans.ts'

/** A connection is a row, and each of its streams one below it. */
export function connectionRows(swarm: SwarmState): Grouping<Connection> {
  return {
    count: ({ streams }) => 1 + streams.length,
    row(connection, place) {
      if (place === 0) return connectionRow(swarm, connection)
      const stream = connection.streams[place - 1]
      return stream === undefined ? undefined : streamRow(connection, stream)
    },
    placeOf({ connectionId, streams }, id) {
      if (id === connectionId) return 0
      if (!id.startsWith(connectionId)) return -1
      const stream = streams.findIndex(({ streamId }) => id === idOf(connectionId, streamId))
      return stream < 0 ? -1 : stream + 1
    },
  }
}

function idOf(connectionId: string, streamId: string): string {
  return `${connectionId} ${streamId}`
}

function connectionRow(swarm: SwarmState, connection: Connection): ViewRow {
  const { connectionId, peerId, openedAt } = connection
  return {
    id: connectionId,
    peerId,
    time: now => ageText(now - openedAt),
    spans: ({ time, ...room }) =>
      connectionSpans(room, connection, {
        peer: shownName(swarm, peerId),
        age: time,
        punch: swarm.punches.get(peerId),
      }),
  }
}

function streamRow({ connectionId, peerId }: Connection, stream: Stream): ViewRow {
  return {
    id: idOf(connectionId, stream.streamId),
    peerId,
    time: now => ageText(now - stream.openedAt),
    spans: ({ time, ...room }) => streamSpans(room, stream, time),
  }
}
