import { placeOf } from '../../core/address.ts'
import type { Filter } from '../../core/filter.ts'
import { formatMs, shortAge } from '../../core/format.ts'
import { joinSafe, type SafeText, say } from '../../core/safe-text.ts'
import type { Punch } from '../../core/swarm.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Span } from '../../ui/spans.ts'
import { type Cell, type Column, cell, fitColumns, rowSpans } from '../../ui/table.ts'
import { textRow, type ViewRow } from '../list-view/view-list.ts'
import { textSubject } from './text-subject.ts'

type ColumnId = 'peer' | 'state' | 'age' | 'what'

const COLUMNS: readonly Column<ColumnId>[] = [
  { id: 'peer', least: 9, wanted: 12, priority: 4 },
  { id: 'state', least: 10, priority: 3 },
  { id: 'age', least: 4, priority: 1 },
  { id: 'what', least: 14, wanted: 40, grows: 1, priority: 2 },
]

/** The latest hole punches, the one that began last on top: how far they are, or how they ended and why. */
export function punchRows(swarm: SwarmState, filter: Filter): ViewRow[] {
  return [...swarm.punches.values()]
    .filter(({ peerId, state }) => filter.matches(textSubject(peerId, shownName(swarm, peerId), state)))
    .sort((a, b) => b.startedAt - a.startedAt || (a.peerId < b.peerId ? -1 : 1))
    .flatMap(punch => rowsOf(shownName(swarm, punch.peerId), punch))
}

function rowsOf(peer: SafeText, punch: Punch): ViewRow[] {
  const { peerId, startedAt, failure } = punch
  const row: ViewRow = {
    id: `punch ${peerId}`,
    peerId,
    time: now => shortAge(now - startedAt),
    spans: ({ columns, time }) => punchSpans(columns, peer, punch, time),
  }
  if (failure === undefined) return [row]
  const below = textRow(`punch ${peerId} hint`, { text: say`    ${failure.hint}`, style: 'dim' })
  return [row, { ...below, peerId }]
}

function punchSpans(columns: number, peer: SafeText, punch: Punch, age: SafeText | undefined): Span[] {
  const cells: Readonly<Record<ColumnId, Cell>> = {
    peer: cell(say`  ${peer}`, 'strong'),
    state: stateCell(punch),
    age: cell(age, 'dim'),
    what: cell(whatText(punch)),
  }
  return rowSpans(fitColumns(COLUMNS, columns), ({ id }) => cells[id])
}

function stateCell({ state, latest }: Punch): Cell {
  if (state === 'succeeded') return cell(say`direct`, 'good')
  if (state === 'failed') return cell(say`failed`, 'bad')
  if (latest === undefined) return cell(say`started`, 'warn')
  return cell(latest.how === 'dial' ? say`dialing` : say`try ${latest.attempt} of ${latest.attempts}`, 'warn')
}

function whatText({ address, failure, latest, durationMs }: Punch): SafeText {
  if (failure !== undefined) return failure.cause
  const tries = latest?.how === 'punch' && latest.attempt > 1 ? say`, try ${latest.attempt}` : say``
  if (address !== undefined) return say`over ${placeOf(address)} after ${formatMs(durationMs ?? 0)}${tries}`
  return latest === undefined ? say`` : joinSafe(latest.addresses.map(placeOf), ', ')
}
