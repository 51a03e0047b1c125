import { withoutPeerId } from '../../core/address.ts'
import { NONE } from '../../core/format.ts'
import type { Query } from '../../core/swarm.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Span } from '../../ui/spans.ts'
import { type Column, cell, fitColumns, nameColumn, rowSpans } from '../../ui/table.ts'
import type { RowContext, ViewRow } from '../list-view/view-list.ts'

type ColumnId = 'state' | 'peer' | 'address'

const STATE: Column<ColumnId> = { id: 'state', least: 3, align: 'right', priority: 3, gap: 1 }
const ADDRESS: Column<ColumnId> = { id: 'address', least: 12, wanted: 40, grows: 1, priority: 1 }

/** What a query has found, a row a peer: the keys that dial, copy or name a peer work on them. */
export function resultRows(swarm: SwarmState, { requestId, results }: Query): ViewRow[] {
  return results.map(result => ({
    id: `found ${requestId} ${result.peerId}`,
    peerId: result.peerId,
    spans: context => resultSpans(swarm, result, context),
  }))
}

function resultSpans(
  swarm: SwarmState,
  { peerId, addresses: [address] }: Query['results'][number],
  { columns, nameColumns, glyphs }: RowContext,
): Span[] {
  const presence = swarm.peers.get(peerId)?.presence ?? 'known'
  const connected = presence === 'connected'
  const cells = {
    state: cell(glyphs.presence[presence], connected ? 'good' : 'dim'),
    peer: cell(shownName(swarm, peerId), connected ? 'strong' : undefined),
    address: cell(address === undefined ? NONE : withoutPeerId(address), 'dim'),
  }
  const fitted = fitColumns([STATE, nameColumn<ColumnId>('peer', nameColumns, 2), ADDRESS], columns)
  return rowSpans(fitted, ({ id }) => cells[id])
}
