import { endpointOf } from '../../core/address.ts'
import { formatMs, NONE } from '../../core/format.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { Peer } from '../../core/swarm.ts'
import type { Span } from '../../ui/spans.ts'
import { type Column, cell, type FittedColumn, fitColumns, nameColumn, rowSpans } from '../../ui/table.ts'
import type { RowRoom } from '../list-view/view-list.ts'

type ColumnId = 'state' | 'peer' | 'agent' | 'address' | 'rtt' | 'age'

const STATE: Column<ColumnId> = { id: 'state', least: 1, priority: 6, gap: 1 }
/** In their order on screen, after the peer. Where there is no room for all, the least important go. */
const COLUMNS: readonly Column<ColumnId>[] = [
  { id: 'agent', least: 10, wanted: 24, grows: 1, priority: 2 },
  { id: 'address', least: 20, wanted: 28, grows: 1, priority: 1 },
  { id: 'rtt', least: 8, align: 'right', priority: 3 },
  { id: 'age', least: 5, align: 'right', priority: 4 },
]

const HEADINGS: Readonly<Record<ColumnId, SafeText>> = {
  state: say``,
  peer: say`PEER`,
  agent: say`AGENT`,
  address: say`ADDRESS`,
  rtt: say`RTT`,
  age: say`HEARD`,
}

function entryColumns({ columns, nameColumns }: RowRoom): FittedColumn<ColumnId>[] {
  return fitColumns([STATE, nameColumn('peer', nameColumns, 5), ...COLUMNS], columns)
}

/** The headings of the table of peers in buckets. */
export function entryHeading(room: RowRoom): Span[] {
  return rowSpans(entryColumns(room), ({ id }) => cell(HEADINGS[id], 'dim'))
}

/** What a row shows; `peer` is absent while nothing but its place in the table is known. */
interface Entry {
  peer: Peer | undefined
  label: SafeText
  /** How long ago it was heard last. */
  age: SafeText | undefined
}

/** One peer of the routing table; its sign says whether it is there right now. */
export function entrySpans(room: RowRoom, { peer, label, age }: Entry): Span[] {
  const presence = peer?.presence ?? 'known'
  const fresh = presence === 'connected'
  const address = peer?.addresses[0]
  const cells = {
    state: cell(room.glyphs.presence[presence], fresh ? 'good' : 'dim'),
    peer: cell(label, fresh ? 'strong' : undefined),
    agent: cell(peer?.agentVersion || NONE, 'dim'),
    address: cell(address === undefined ? NONE : endpointOf(address), 'dim', 'start'),
    rtt: cell(formatMs(fresh ? (peer?.ping.lastMs ?? peer?.ping.coldMs) : undefined)),
    age: cell(age, 'dim'),
  }
  return rowSpans(entryColumns(room), ({ id }) => cells[id])
}
