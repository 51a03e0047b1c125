import { withoutPeerId } from '../../core/address.ts'
import type { Filter } from '../../core/filter.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { OwnAddress } from '../../core/swarm.ts'
import { peerLabel } from '../../store/selectors/peer-label.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Span } from '../../ui/spans.ts'
import { type Cell, type Column, cell, fitColumns, rowSpans } from '../../ui/table.ts'
import type { ViewRow } from '../list-view/view-list.ts'
import { textSubject } from './text-subject.ts'

type ColumnId = 'address' | 'reachable' | 'how'

const COLUMNS: readonly Column<ColumnId>[] = [
  { id: 'reachable', least: 11, priority: 2 },
  { id: 'address', least: 22, wanted: 46, priority: 3 },
  { id: 'how', least: 16, wanted: 44, priority: 1 },
]

/** Where others may reach this node, in the order in which it was learned: whether they can, and who says so. */
export function ownAddressRows(swarm: SwarmState, filter: Filter): ViewRow[] {
  return [...swarm.ownAddresses.values()]
    .filter(({ address, how, toldBy = '' }) => filter.matches(textSubject(address, how, toldBy)))
    .sort((a, b) => a.learnedAt - b.learnedAt || (a.address < b.address ? -1 : 1))
    .map(own => {
      const teller = own.checkedBy ?? own.toldBy
      return {
        id: `own ${own.address}`,
        ...(teller === undefined ? {} : { peerId: teller }),
        spans: ({ columns }) => addressSpans(columns, swarm, own),
      }
    })
}

function addressSpans(columns: number, swarm: SwarmState, own: OwnAddress): Span[] {
  const cells: Record<ColumnId, Cell> = {
    address: cell(withoutPeerId(own.address), undefined, 'start'),
    reachable: checkedCell(own),
    how: cell(sayHow(swarm, own), 'dim'),
  }
  return rowSpans(fitColumns(COLUMNS, columns), ({ id }) => cells[id])
}

function checkedCell({ reachable }: OwnAddress): Cell {
  if (reachable === undefined) return cell(say`  not tried`, 'dim')
  return reachable ? cell(say`  reachable`, 'good') : cell(say`  closed`, 'bad')
}

/** How it is known, by whom, and who has tried it. */
function sayHow(swarm: SwarmState, { how, toldBy, checkedBy }: OwnAddress): SafeText {
  const tried = checkedBy === undefined ? say`` : say`, tried${by(swarm, checkedBy)}`
  return say`${HOW[how]}${by(swarm, toldBy)}${tried}`
}

const HOW: Readonly<Record<OwnAddress['how'], SafeText>> = {
  observed: say`seen`,
  upnp: say`forwarded by the router`,
  relay: say`through a relay`,
}

function by(swarm: SwarmState, peerId: SafeText | undefined): SafeText {
  return peerId === undefined ? say`` : say` by ${peerLabel(swarm, peerId)}`
}
