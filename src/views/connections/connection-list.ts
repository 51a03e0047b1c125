import type { Filter } from '../../core/filter.ts'
import { connectionSubject } from '../../core/filter-subjects.ts'
import { plural } from '../../core/format.ts'
import { say } from '../../core/safe-text.ts'
import type { Connection } from '../../core/swarm.ts'
import { connectionsInOrder } from '../../store/selectors/in-order.ts'
import { peerLabel } from '../../store/selectors/peer-label.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { ViewList, ViewRow } from '../list-view/view-list.ts'
import { ageText, connectionHeading, connectionSpans } from './connection-columns.ts'
import { streamSpans } from './stream-spans.ts'

/** Open connections, the oldest first, each with its streams below it. */
export function connectionList(swarm: SwarmState, filter: Filter): ViewList {
  const all = connectionsInOrder(swarm)
  const shown = filter.empty ? all : all.filter(connection => filter.matches(connectionSubject(connection)))
  const streams = all.reduce((sum, connection) => sum + connection.streams.length, 0)
  const relayed = all.filter(connection => connection.relayed === true).length
  const count = shown.length === all.length ? say`${all.length}` : say`${shown.length} of ${all.length}`
  return {
    title: say`Connections`,
    notes: [
      { text: count, style: 'dim' },
      { text: plural(streams, say`stream`, say`streams`), style: 'dim' },
      ...(relayed === 0 ? [] : [{ text: say`${relayed} relayed`, style: 'warn' } as const]),
    ],
    heading: connectionHeading,
    rows: shown.flatMap(connection => rowsOf(swarm, connection)),
    empty: [say`No connections.`, say`d dials; 1 shows the peers that are known.`],
    errors: [],
  }
}

function rowsOf(swarm: SwarmState, connection: Connection): ViewRow[] {
  const { connectionId, peerId, openedAt, streams } = connection
  return [
    {
      id: connectionId,
      peerId,
      time: now => ageText(now - openedAt),
      spans: ({ columns, glyphs, time }) =>
        connectionSpans(columns, connection, { peer: peerLabel(swarm, peerId), age: time, glyphs }),
    },
    ...streams.map(
      (stream): ViewRow => ({
        id: `${connectionId} ${stream.streamId}`,
        peerId,
        time: now => ageText(now - stream.openedAt),
        spans: ({ columns, glyphs, time }) => streamSpans(columns, stream, { age: time, glyphs }),
      }),
    ),
  ]
}
