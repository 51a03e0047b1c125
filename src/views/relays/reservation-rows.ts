import type { Filter } from '../../core/filter.ts'
import { formatBytes, formatDuration, formatTime, shortAge } from '../../core/format.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { Reservation } from '../../core/swarm.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Span } from '../../ui/spans.ts'
import { type Column, cell, fitColumns, rowSpans } from '../../ui/table.ts'
import { textRow, type ViewRow } from '../list-view/view-list.ts'
import { textSubject } from './text-subject.ts'

type ColumnId = 'peer' | 'until' | 'left' | 'limits'

const COLUMNS: readonly Column<ColumnId>[] = [
  { id: 'peer', least: 9, wanted: 12, priority: 4 },
  { id: 'left', least: 9, priority: 3 },
  { id: 'until', least: 14, priority: 1 },
  { id: 'limits', least: 14, wanted: 40, priority: 2 },
]

/** Reservations, the one that ends first on top, each with the addresses that it gives its holder. */
export function reservationRows(
  swarm: SwarmState,
  reservations: SwarmState['relays'],
  filter: Filter,
): ViewRow[] {
  return [...reservations.values()]
    .filter(({ peerId, addresses }) =>
      filter.matches(textSubject(peerId, shownName(swarm, peerId), ...addresses)),
    )
    .sort((a, b) => a.expiresAt - b.expiresAt || (a.peerId < b.peerId ? -1 : 1))
    .flatMap(reservation => rowsOf(shownName(swarm, reservation.peerId), reservation))
}

function rowsOf(peer: SafeText, reservation: Reservation): ViewRow[] {
  const { peerId, addresses, expiresAt } = reservation
  return [
    {
      id: `reservation ${peerId}`,
      peerId,
      time: now => (now < expiresAt ? say`${shortAge(expiresAt - now)} left` : say`expired`),
      spans: ({ columns, time }) => reservationSpans(columns, peer, reservation, time),
    },
    ...addresses.map(address => ({
      ...textRow(`reservation ${peerId} ${address}`, { text: say`    ${address}`, style: 'dim' }),
      peerId,
    })),
  ]
}

function reservationSpans(
  columns: number,
  peer: SafeText,
  reservation: Reservation,
  left: SafeText | undefined,
): Span[] {
  const cells = {
    peer: cell(say`  ${peer}`, 'strong'),
    left: cell(left, left === 'expired' ? 'bad' : undefined),
    until: cell(say`until ${formatTime(reservation.expiresAt)}`, 'dim'),
    limits: cell(limitsText(reservation)),
  }
  return rowSpans(fitColumns(COLUMNS, columns), ({ id }) => cells[id])
}

/** What one connection through the relay may carry. */
function limitsText({ limitBytes, limitMs }: Reservation): SafeText {
  if (limitBytes === undefined && limitMs === undefined) return say`no limits`
  const bytes = limitBytes === undefined ? say`any bytes` : formatBytes(limitBytes)
  const time = limitMs === undefined ? say`any time` : formatDuration(limitMs)
  return say`${bytes}, ${time} a connection`
}
