import type { Filter } from '../../core/filter.ts'
import { formatBytes, formatDuration, formatTime, shortAge, timeLeft } from '../../core/format.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { Circuit, Reservation } from '../../core/swarm.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Span } from '../../ui/spans.ts'
import { type Column, cell, fitColumns, rowSpans } from '../../ui/table.ts'
import { textRow, type ViewRow } from '../list-view/view-list.ts'
import { textSubject } from './text-subject.ts'

type ColumnId = 'peer' | 'until' | 'left' | 'limits' | 'use'

const COLUMNS: readonly Column<ColumnId>[] = [
  { id: 'peer', least: 9, wanted: 12, priority: 4 },
  { id: 'left', least: 9, priority: 3 },
  { id: 'until', least: 14, priority: 1 },
  { id: 'limits', least: 14, wanted: 40, priority: 2 },
]
/** Where we are the relay, with what goes through it. */
const GRANTED_COLUMNS: typeof COLUMNS = [
  ...COLUMNS.slice(0, 2),
  { id: 'use', least: 14, wanted: 16, priority: 3 },
  ...COLUMNS.slice(2),
]

/** What is said of a reservation beside its end and its limits. */
interface More {
  /** What it is used for, in a few words. */
  use?: SafeText
  /** Rows below it. */
  below: ViewRow[]
}

/** Reservations that we hold, the one that ends first on top, each with the addresses that it gives us. */
export function heldRows(swarm: SwarmState, filter: Filter): ViewRow[] {
  return reservationRows(swarm, swarm.relays, filter, ({ peerId, addresses }) => ({
    below: addresses.map(address => ({
      ...textRow(`reservation ${peerId} ${address}`, { text: say`    ${address}`, style: 'dim' }),
      peerId,
    })),
  }))
}

/** Reservations that we grant, the one that ends first on top, each with the connections that go to its holder. */
export function grantedRows(swarm: SwarmState, filter: Filter): ViewRow[] {
  return reservationRows(swarm, swarm.granted, filter, reservation => {
    const open = [...swarm.circuits.values()].filter(({ toPeerId }) => toPeerId === reservation.peerId)
    return {
      use: useText(reservation, open),
      below: open.map(circuit => circuitRow(shownName(swarm, circuit.peerId), circuit)),
    }
  })
}

function reservationRows(
  swarm: SwarmState,
  reservations: SwarmState['relays'],
  filter: Filter,
  more: (reservation: Reservation) => More,
): ViewRow[] {
  return [...reservations.values()]
    .filter(({ peerId, addresses }) =>
      filter.matches(textSubject(peerId, shownName(swarm, peerId), ...addresses)),
    )
    .sort((a, b) => a.expiresAt - b.expiresAt || (a.peerId < b.peerId ? -1 : 1))
    .flatMap(reservation => rowsOf(shownName(swarm, reservation.peerId), reservation, more(reservation)))
}

function rowsOf(peer: SafeText, reservation: Reservation, { use, below }: More): ViewRow[] {
  const { peerId, expiresAt } = reservation
  return [
    {
      id: `reservation ${peerId}`,
      peerId,
      time: now => (now < expiresAt ? say`${timeLeft(expiresAt - now)} left` : say`expired`),
      spans: ({ columns, time }) => reservationSpans(columns, peer, reservation, { left: time, use }),
    },
    ...below,
  ]
}

function reservationSpans(
  columns: number,
  peer: SafeText,
  reservation: Reservation,
  { left, use }: { left: SafeText | undefined; use: SafeText | undefined },
): Span[] {
  const cells = {
    peer: cell(say`  ${peer}`, 'strong'),
    left: cell(left, left === 'expired' ? 'bad' : undefined),
    until: cell(say`until ${formatTime(reservation.expiresAt)}`, 'dim'),
    limits: cell(limitsText(reservation)),
    use: cell(use),
  }
  return rowSpans(fitColumns(use === undefined ? COLUMNS : GRANTED_COLUMNS, columns), ({ id }) => cells[id])
}

/** How many connections go to a holder, or went if none does, and what all of them carried. */
function useText({ relayed }: Reservation, open: readonly Circuit[]): SafeText {
  if (open.length === 0 && relayed === undefined) return say`unused`
  const bytes = open.reduce((sum, { bytesTo, bytesBack }) => sum + bytesTo + bytesBack, relayed?.bytes ?? 0)
  const count = open.length > 0 ? say`${open.length} open` : say`${relayed?.circuits ?? 0} over`
  return say`${count}, ${formatBytes(bytes)}`
}

/** A connection to the holder above: from whom, since when, how much each way. */
function circuitRow(from: SafeText, { circuitId, peerId, openedAt, bytesTo, bytesBack }: Circuit): ViewRow {
  return {
    id: `circuit ${circuitId}`,
    peerId,
    time: now => shortAge(now - openedAt),
    spans: ({ time }) => [
      { text: say`    from ${from}  ${time ?? say``}` },
      { text: say`  ${formatBytes(bytesTo)} there, ${formatBytes(bytesBack)} back`, style: 'dim' },
    ],
  }
}

/** What one connection through the relay may carry. */
function limitsText({ limitBytes, limitMs }: Reservation): SafeText {
  if (limitBytes === undefined && limitMs === undefined) return say`no limits`
  const bytes = limitBytes === undefined ? say`any bytes` : formatBytes(limitBytes)
  const time = limitMs === undefined ? say`any time` : formatDuration(limitMs)
  return say`${bytes}, ${time} a connection`
}
