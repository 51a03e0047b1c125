import { endpointOf, placeOf, withoutPeerId } from '../../core/address.ts'
import { formatMs, formatRate, NONE, peerName } from '../../core/format.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { Peer, Presence } from '../../core/swarm.ts'
import { GREATEST_FIRST } from '../../store/peers/peer-order.ts'
import type { PeerColumn, ScreenState } from '../../store/screen/screen-state.ts'
import { flowOf } from '../../store/swarm/traffic-figures.ts'
import type { Glyphs } from '../../ui/glyphs.ts'
import type { Span } from '../../ui/spans.ts'
import { sparkline } from '../../ui/sparkline.ts'
import { type Cell, type Column, cell, type FittedColumn, fitColumns, rowSpans } from '../../ui/table.ts'
import type { StyleName } from '../../ui/theme.ts'

/** A column of the table of peers. */
export type PeerColumnId = 'state' | 'peer' | 'agent' | 'address' | 'rtt' | 'history' | 'in' | 'out' | 'heard'

/** In their order on screen. Where there is no room for all, the least important go. */
const COLUMNS: readonly Column<PeerColumnId>[] = [
  { id: 'state', least: 1, priority: 10, gap: 1 },
  { id: 'peer', least: 9, priority: 9, gap: 1 },
  { id: 'agent', least: 8, wanted: 24, grows: 1, priority: 6, gap: 1 },
  { id: 'address', least: 20, wanted: 28, grows: 2, priority: 7, gap: 1 },
  { id: 'rtt', least: 8, priority: 8, align: 'right', gap: 1 },
  { id: 'history', least: 6, wanted: 12, grows: 1, priority: 5 },
  { id: 'in', least: 8, priority: 2, align: 'right' },
  { id: 'out', least: 8, priority: 3, align: 'right' },
  { id: 'heard', least: 11, wanted: 14, priority: 4 },
]

/** The column of the table that shows what peers can be sorted by. */
const SORTED_BY: Readonly<Record<PeerColumn, PeerColumnId>> = {
  state: 'state',
  agent: 'agent',
  address: 'address',
  rtt: 'rtt',
  in: 'in',
  out: 'out',
  heard: 'heard',
}

const HEADINGS = {
  state: say``,
  peer: say`PEER`,
  agent: say`AGENT`,
  address: say`ADDRESS`,
  rtt: say`RTT`,
  history: say`TREND`,
  in: say`IN`,
  out: say`OUT`,
  heard: say`HEARD`,
} as const

const PRESENCE_STYLE: Readonly<Record<Presence, StyleName>> = {
  connected: 'good',
  heard: 'normal',
  expired: 'dim',
  known: 'dim',
}

/** A name that is longer is cut: addresses need the room. */
const MOST_NAME_COLUMNS = 20

/** The columns that a pane of this width has room for. `nameColumns`: how wide the widest name is. */
export function peerColumns(width: number, nameColumns = 0): FittedColumn<PeerColumnId>[] {
  const wanted = Math.min(nameColumns, MOST_NAME_COLUMNS)
  return fitColumns(
    COLUMNS.map(column =>
      column.id === 'peer' ? { ...column, wanted: Math.max(column.least, wanted) } : column,
    ),
    width,
  )
}

/** The row of headings; an arrow marks the column that rows are sorted by. */
export function headingSpans(
  columns: readonly FittedColumn<PeerColumnId>[],
  sort: ScreenState['peers']['sort'],
  glyphs: Glyphs,
): Span[] {
  const arrow = sortArrow(sort, glyphs)
  return rowSpans(columns, ({ id }) => {
    const heading = HEADINGS[id]
    if (id !== SORTED_BY[sort.column]) return cell(heading, 'dim')
    return cell(heading === '' ? arrow : say`${heading}${arrow}`, 'heading')
  })
}

/** Whether figures rise or fall from the first row to the last. */
export function sortArrow({ column, descending }: ScreenState['peers']['sort'], glyphs: Glyphs): SafeText {
  return descending === GREATEST_FIRST.has(column) ? glyphs.ascending : glyphs.descending
}

/** What a row shows beside the peer itself. */
export interface PeerRowContext {
  /** The address to show. */
  address: SafeText | undefined
  glyphs: Glyphs
  /** How it came to notice, and since when. */
  heard: SafeText | undefined
}

/** One peer's row. */
export function peerSpans(
  columns: readonly FittedColumn<PeerColumnId>[],
  peer: Peer,
  context: PeerRowContext,
): Span[] {
  return rowSpans(columns, column => CELLS[column.id](peer, context, column.columns))
}

const CELLS: Readonly<Record<PeerColumnId, (peer: Peer, context: PeerRowContext, columns: number) => Cell>> =
  {
    state: ({ presence }, { glyphs }) => cell(glyphs.presence[presence], PRESENCE_STYLE[presence]),
    peer: peer => {
      const style = peer.presence === 'connected' ? 'strong' : undefined
      return cell(peerName(peer), style)
    },
    agent: ({ agentVersion, presence }, _, columns) =>
      agentVersion ? cell(fittedAgent(agentVersion, columns), faded(presence)) : cell(NONE, 'dim'),
    address: ({ presence }, { address }, columns) =>
      address === undefined
        ? cell(NONE, 'dim')
        : cell(fittedAddress(address, columns), faded(presence), 'start'),
    rtt: ({ ping, presence }) => {
      if (presence !== 'connected') return cell(NONE, 'dim')
      if (ping.lastFailure !== undefined) return cell(say`no reply`, 'bad')
      const rtt = ping.lastMs ?? ping.coldMs
      return cell(formatMs(rtt), rtt === undefined ? 'dim' : undefined)
    },
    history: ({ ping }, { glyphs }, columns) => ({ spans: sparkline(ping.samples, columns, glyphs) }),
    in: ({ rateIn }) => rate(rateIn),
    out: ({ rateOut }) => rate(rateOut),
    heard: (_, { heard }) => cell(heard ?? NONE, 'dim'),
  }

/** Without its version where there is no room for both. */
function fittedAgent(agentVersion: SafeText, columns: number): SafeText {
  if (agentVersion.length <= columns) return agentVersion
  const slash = agentVersion.indexOf('/')
  return slash > 0 ? (agentVersion.slice(0, slash) as SafeText) : agentVersion
}

/** From so many columns on, most IPv4 addresses fit whole. */
const WHOLE_ADDRESS = 26

/** Without what nearly all addresses have in common where there is no room for it: all rows in one form, if possible. */
function fittedAddress(address: SafeText, columns: number): SafeText {
  const endpoint = endpointOf(address)
  if (columns < WHOLE_ADDRESS) return endpoint
  return [withoutPeerId(address), placeOf(address)].find(form => form.length <= columns) ?? endpoint
}

function rate(bytesPerSecond: number): Cell {
  return flowOf(bytesPerSecond) === 0 ? cell(NONE, 'dim') : cell(formatRate(bytesPerSecond))
}

function faded(presence: Presence): StyleName | undefined {
  return presence === 'connected' || presence === 'heard' ? undefined : 'dim'
}
