import { endpointOf } from '../../core/address.ts'
import type { Filter } from '../../core/filter.ts'
import { joinSafe, type SafeText, say } from '../../core/safe-text.ts'
import type { OwnAddress } from '../../core/swarm.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Span } from '../../ui/spans.ts'
import { type Cell, type Column, cell, fitColumns, rowSpans } from '../../ui/table.ts'
import type { ViewRow } from '../list-view/view-list.ts'
import { textSubject } from './text-subject.ts'

type ColumnId = 'address' | 'reachable' | 'how'

const COLUMNS: readonly Column<ColumnId>[] = [
  { id: 'reachable', least: 11, priority: 2 },
  { id: 'address', least: 22, wanted: 32, priority: 3 },
  { id: 'how', least: 16, wanted: 60, grows: 1, priority: 1 },
]

/** Where others may reach this node: whether they can, and who says so. Where they can comes first. */
export function ownAddressRows(swarm: SwarmState, filter: Filter): ViewRow[] {
  return [...swarm.ownAddresses.values()]
    .filter(({ address, how, toldBy }) => filter.matches(textSubject(address, how, ...toldBy)))
    .sort(
      (a, b) => standing(a) - standing(b) || a.learnedAt - b.learnedAt || (a.address < b.address ? -1 : 1),
    )
    .map(own => {
      const teller = own.checks.findLast(({ peerId }) => peerId !== undefined)?.peerId ?? own.toldBy[0]
      return {
        id: `own ${own.address}`,
        ...(teller === undefined ? {} : { peerId: teller }),
        spans: ({ columns }) => addressSpans(columns, swarm, own),
      }
    })
}

/** Addresses that are reached, those that nobody has tried, those that are closed. */
function standing({ reachable }: OwnAddress): number {
  if (reachable === undefined) return 1
  return reachable ? 0 : 2
}

function addressSpans(columns: number, swarm: SwarmState, own: OwnAddress): Span[] {
  const cells: Record<ColumnId, Cell> = {
    address: cell(endpointOf(own.address), undefined, 'start'),
    reachable: checkedCell(own),
    how: cell(sayHow(swarm, own), 'dim'),
  }
  return rowSpans(fitColumns(COLUMNS, columns), ({ id }) => cells[id])
}

function checkedCell({ reachable }: OwnAddress): Cell {
  if (reachable === undefined) return cell(say`  not tried`, 'dim')
  return reachable ? cell(say`  reachable`, 'good') : cell(say`  closed`, 'bad')
}

/** Who has tried it and with what result, and how it is known. */
function sayHow(swarm: SwarmState, { how, toldBy, checks }: OwnAddress): SafeText {
  const tried = [true, false].flatMap(reachable => {
    const peers = checks
      .filter(check => check.reachable === reachable)
      .flatMap(({ peerId }) => (peerId === undefined ? [] : [shownName(swarm, peerId)]))
    const whom = joinSafe(peers, ', ')
    if (peers.length === 0) return []
    return [reachable ? say`reached by ${whom}` : say`not reached by ${whom}`]
  })
  const teller = toldBy[0] === undefined ? say`` : say` by ${shownName(swarm, toldBy[0])}`
  const more = toldBy.length > 1 ? say` +${toldBy.length - 1}` : say``
  return joinSafe([...tried, say`${HOW[how]}${teller}${more}`], ', ')
}

const HOW: Readonly<Record<OwnAddress['how'], SafeText>> = {
  listening: say`listening there`,
  announced: say`from --announce`,
  observed: say`seen there`,
  guessed: say`a guess: peers see us at that host`,
  upnp: say`forwarded by the router`,
  relay: say`through a relay`,
}
