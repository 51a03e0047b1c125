import { placeOf } from '../../core/address.ts'
import { formatBytes, formatDuration, NONE, shortAge } from '../../core/format.ts'
import { joinSafe, type SafeText, say } from '../../core/safe-text.ts'
import type { Connection, Punch, Stream } from '../../core/swarm.ts'
import type { ConnectionColumn, Sort } from '../../store/screen/screen-state.ts'
import { flowOf } from '../../store/swarm/traffic-figures.ts'
import type { Span } from '../../ui/spans.ts'
import {
  type Cell,
  type Column,
  cell,
  type FittedColumn,
  fitColumns,
  nameColumn,
  rowSpans,
} from '../../ui/table.ts'
import type { RowRoom } from '../list-view/view-list.ts'

/** A column of the table of connections. */
export type ConnectionColumnId = ConnectionColumn | 'dir' | 'path' | 'limits' | 'crypt' | 'muxer' | 'address'

/** In their order on screen, after the peer. Where there is no room for all, the least important go. */
const COLUMNS: readonly Column<ConnectionColumnId>[] = [
  { id: 'dir', least: 3, priority: 9 },
  { id: 'path', least: 7, wanted: 9, priority: 11 },
  { id: 'limits', least: 14, priority: 0 },
  { id: 'transport', least: 7, wanted: 9, priority: 10 },
  { id: 'crypt', least: 5, priority: 4 },
  { id: 'muxer', least: 5, priority: 3 },
  { id: 'address', least: 22, wanted: 30, grows: 1, priority: 1 },
  { id: 'age', least: 4, align: 'right', priority: 2 },
  { id: 'in', least: 6, align: 'right', priority: 8 },
  { id: 'out', least: 6, align: 'right', priority: 7 },
  { id: 'in/s', least: 6, align: 'right', priority: 6 },
  { id: 'out/s', least: 6, align: 'right', priority: 5 },
]
const PEER_PRIORITY = 12

/** The columns that there is room for. */
export function connectionColumns({ columns, nameColumns }: RowRoom): FittedColumn<ConnectionColumnId>[] {
  return fitColumns([nameColumn('peer', nameColumns, PEER_PRIORITY), ...COLUMNS], columns)
}

/** Columns with a figure, which a connection and its streams have in common. */
const FIGURES = ['age', 'in', 'out', 'in/s', 'out/s'] as const
type FigureId = (typeof FIGURES)[number]

/** Whether a column is one of the figures at the right end of a row. */
export function isFigure(column: FittedColumn<ConnectionColumnId>): column is FittedColumn<FigureId> {
  return (FIGURES as readonly string[]).includes(column.id)
}

/** The headings of a table of connections; an arrow marks the column that rows are sorted by. */
export function connectionHeading(room: RowRoom, { column, descending }: Sort<ConnectionColumn>): Span[] {
  const { ascending, descending: falling } = room.glyphs
  const arrow = descending === GREATEST_FIRST.has(column) ? ascending : falling
  return rowSpans(connectionColumns(room), ({ id, columns }) => {
    const name = id === 'transport' && columns < 9 ? 'transp' : id
    const heading = name.toUpperCase() as SafeText
    return id === column ? cell(say`${heading}${arrow}`, 'heading') : cell(heading, 'dim')
  })
}

/** Columns whose figures fall from the first row to the last, unless turned round. */
const GREATEST_FIRST: ReadonlySet<ConnectionColumn> = new Set(['age', 'in', 'out', 'in/s', 'out/s'])

/** What a row shows beside the connection itself. */
interface ConnectionContext {
  /** What the peer is called. */
  peer: SafeText
  age: SafeText | undefined
  /** The latest hole punch with the peer. */
  punch: Punch | undefined
}

/** One connection's row. */
export function connectionSpans(room: RowRoom, connection: Connection, context: ConnectionContext): Span[] {
  const { direction, transport, encryption, muxer, address } = connection
  const cells: Readonly<Record<ConnectionColumnId, Cell>> = {
    peer: cell(context.peer, 'strong'),
    dir: cell(directionText(direction)),
    path: pathCell(connection, context.punch),
    limits: cell(limitsText(connection), 'warn'),
    transport: cell(transport === 'p2p-circuit' ? say`circuit` : transport),
    crypt: cell(protocolName(encryption)),
    muxer: cell(protocolName(muxer)),
    address: cell(placeOf(address), 'dim', 'start'),
    ...figureCells(connection, context.age),
  }
  return rowSpans(connectionColumns(room), ({ id }) => cells[id])
}

/** Bytes so far, bytes a second, and the age. */
export function figureCells(
  { bytesIn, bytesOut, rateIn, rateOut }: Connection | Stream,
  age: SafeText | undefined,
): Readonly<Record<FigureId, Cell>> {
  return {
    age: cell(age, 'dim'),
    in: cell(formatBytes(bytesIn)),
    out: cell(formatBytes(bytesOut)),
    'in/s': rate(rateIn),
    'out/s': rate(rateOut),
  }
}

/** Which way, from here. */
export function directionText(direction: 'inbound' | 'outbound'): SafeText {
  return direction === 'inbound' ? say`in` : say`out`
}

/** `/yamux/1.0.0` is yamux, `/noise` is noise. */
function protocolName(protocol: SafeText): SafeText {
  return (/^\/?([^/]+)/.exec(protocol)?.[1] ?? protocol) as SafeText
}

/** Direct, through a hole that was punched, or through a relay, and how far a punch is that is under way. */
function pathCell(connection: Connection, punch: Punch | undefined): Cell {
  if (connection.relayed !== true) {
    const punched = punch?.latest?.how === 'punch' && punch.address === connection.address
    return cell(punched ? say`punched` : say`direct`, 'good')
  }
  if (punch?.state !== 'started') return cell(say`relayed`, 'warn')
  const { attempt, attempts } = punch.latest ?? {}
  return cell(attempt === undefined ? say`punching` : say`punch ${attempt}/${attempts ?? attempt}`, 'warn')
}

/** What a relay lets through, bytes and time for the whole connection; nothing of a connection without limits. */
export function limitsText({ limitBytes, limitMs }: Connection): SafeText {
  return joinSafe(
    [
      ...(limitBytes === undefined ? [] : [formatBytes(limitBytes)]),
      ...(limitMs === undefined ? [] : [formatDuration(limitMs).replace(/ 0 \w+$/, '') as SafeText]),
    ],
    ' ',
  )
}

/** The heading says that it is by the second. */
function rate(bytesPerSecond: number): Cell {
  return flowOf(bytesPerSecond) === 0 ? cell(NONE, 'dim') : cell(formatBytes(bytesPerSecond))
}

const MINUTE = 60_000

/** An age in ms that reads `new` for the first minute, and changes seldom after that. */
export function ageText(ms: number): SafeText {
  return ms < MINUTE ? say`new` : shortAge(ms)
}
