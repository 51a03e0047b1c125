import type { Filter } from '../../core/filter.ts'
import { plural } from '../../core/format.ts'
import { say } from '../../core/safe-text.ts'
import type { Connection } from '../../core/swarm.ts'
import type { ScreenState } from '../../store/screen/screen-state.ts'
import { sortedConnections } from '../../store/selectors/connection-order.ts'
import { connectionSums } from '../../store/selectors/connection-sums.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import { grouped } from '../list-view/rows.ts'
import type { ViewList } from '../list-view/view-list.ts'
import { connectionHeading } from './connection-columns.ts'
import { passingConnections } from './connection-filter.ts'
import { connectionRows } from './connection-rows.ts'
import { countNote, limitNotes } from './limit-notes.ts'

/** Open connections in the order that the person has chosen, each with its streams below it. */
export function connectionList(swarm: SwarmState, filter: Filter, { connectionSort }: ScreenState): ViewList {
  const { streams, relayed } = connectionSums(swarm)
  const inOrder = sortedConnections(swarm, connectionSort)
  const shown = filter.empty ? inOrder : passingConnections(swarm, filter, inOrder)
  return {
    title: say`Connections`,
    notes: [
      countNote(swarm, shown.length),
      { text: plural(streams, say`stream`, say`streams`), style: 'dim' },
      ...(relayed === 0 ? [] : [{ text: say`${relayed} relayed`, style: 'warn' } as const]),
      ...limitNotes(swarm),
    ],
    heading: room => connectionHeading(room, connectionSort),
    rows: grouped<Connection>(shown, connectionRows(swarm)),
    empty: [
      say`No connections.`,
      say`d dials an address; 1 shows the peers that are known, where d dials the selected one.`,
      say`Others connect by themselves where they know of this node: id shows its addresses.`,
    ],
    errors: [],
  }
}
