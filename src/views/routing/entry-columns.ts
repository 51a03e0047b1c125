import { endpointOf } from '../../core/address.ts'
import { formatMs, NONE } from '../../core/format.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { Peer } from '../../core/swarm.ts'
import type { Glyphs } from '../../ui/glyphs.ts'
import type { Span } from '../../ui/spans.ts'
import { type Column, cell, fitColumns, rowSpans } from '../../ui/table.ts'

type ColumnId = 'state' | 'peer' | 'agent' | 'address' | 'rtt' | 'age'

/** In their order on screen. Where there is no room for all, the least important go. */
const COLUMNS: readonly Column<ColumnId>[] = [
  { id: 'state', least: 1, priority: 6, gap: 1 },
  { id: 'peer', least: 9, wanted: 12, priority: 5 },
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

/** The headings of the table of peers in buckets, in so many columns. */
export function entryHeading(columns: number): Span[] {
  return rowSpans(fitColumns(COLUMNS, columns), ({ id }) => cell(HEADINGS[id], 'dim'))
}

/** What a row shows; `peer` is absent while nothing but its place in the table is known. */
interface Entry {
  peer: Peer | undefined
  label: SafeText
  /** How long ago it was heard last. */
  age: SafeText | undefined
  glyphs: Glyphs
}

/** One peer of the routing table; its sign says whether it is there right now. */
export function entrySpans(columns: number, { peer, label, age, glyphs }: Entry): Span[] {
  const presence = peer?.presence ?? 'known'
  const fresh = presence === 'connected'
  const address = peer?.addresses[0]
  const cells = {
    state: cell(glyphs.presence[presence], fresh ? 'good' : 'dim'),
    peer: cell(label, fresh ? 'strong' : undefined),
    agent: cell(peer?.agentVersion || NONE, 'dim'),
    address: cell(address === undefined ? NONE : endpointOf(address), 'dim', 'start'),
    rtt: cell(formatMs(fresh ? (peer?.ping.lastMs ?? peer?.ping.coldMs) : undefined)),
    age: cell(age, 'dim'),
  }
  return rowSpans(fitColumns(COLUMNS, columns), ({ id }) => cells[id])
}
