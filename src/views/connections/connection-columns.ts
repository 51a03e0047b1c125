import { placeOf } from '../../core/address.ts'
import { formatBytes, formatDuration, formatRate, NONE, shortAge } from '../../core/format.ts'
import { joinSafe, type SafeText, say } from '../../core/safe-text.ts'
import type { Connection } from '../../core/swarm.ts'
import { flowOf } from '../../store/swarm/traffic-figures.ts'
import type { Glyphs } from '../../ui/glyphs.ts'
import type { Span } from '../../ui/spans.ts'
import { type Cell, type Column, cell, fitColumns, rowSpans } from '../../ui/table.ts'

type ColumnId =
  | 'peer'
  | 'direction'
  | 'path'
  | 'transport'
  | 'encryption'
  | 'muxer'
  | 'address'
  | 'age'
  | 'in'
  | 'out'
  | 'rateIn'
  | 'rateOut'

/** In their order on screen. Where there is no room for all, the least important go. */
const COLUMNS: readonly Column<ColumnId>[] = [
  { id: 'peer', least: 9, wanted: 12, priority: 12 },
  { id: 'direction', least: 3, priority: 9 },
  { id: 'path', least: 7, wanted: 22, priority: 11 },
  { id: 'transport', least: 9, priority: 10 },
  { id: 'encryption', least: 5, priority: 6 },
  { id: 'muxer', least: 5, priority: 5 },
  { id: 'address', least: 22, wanted: 30, grows: 1, priority: 1 },
  { id: 'age', least: 3, align: 'right', priority: 4 },
  { id: 'in', least: 6, align: 'right', priority: 3 },
  { id: 'out', least: 6, align: 'right', priority: 2 },
  { id: 'rateIn', least: 8, align: 'right', priority: 8 },
  { id: 'rateOut', least: 8, align: 'right', priority: 7 },
]

const HEADINGS: Readonly<Record<ColumnId, SafeText>> = {
  peer: say`PEER`,
  direction: say`DIR`,
  path: say`PATH`,
  transport: say`TRANSPORT`,
  encryption: say`CRYPT`,
  muxer: say`MUXER`,
  address: say`ADDRESS`,
  age: say`AGE`,
  in: say`IN`,
  out: say`OUT`,
  rateIn: say`IN/S`,
  rateOut: say`OUT/S`,
}

/** The headings of a table of connections, in so many columns. */
export function connectionHeading(columns: number): Span[] {
  return rowSpans(fitColumns(COLUMNS, columns), ({ id }) => cell(HEADINGS[id], 'dim'))
}

/** What a row shows beside the connection itself. */
interface ConnectionContext {
  /** What the peer is called. */
  peer: SafeText
  age: SafeText | undefined
  glyphs: Glyphs
}

/** One connection's row. */
export function connectionSpans(columns: number, connection: Connection, context: ConnectionContext): Span[] {
  return rowSpans(fitColumns(COLUMNS, columns), column => CELLS[column.id](connection, context))
}

const CELLS: Readonly<Record<ColumnId, (connection: Connection, context: ConnectionContext) => Cell>> = {
  peer: (_, { peer }) => cell(peer, 'strong'),
  direction: ({ direction }) => cell(directionText(direction)),
  path: connection =>
    connection.relayed === true ? cell(relayedText(connection), 'warn') : cell(say`direct`, 'good'),
  transport: ({ transport }) => cell(transport),
  encryption: ({ encryption }) => cell(protocolName(encryption)),
  muxer: ({ muxer }) => cell(protocolName(muxer)),
  address: ({ address }) => cell(placeOf(address), 'dim', 'start'),
  age: (_, { age }) => cell(age, 'dim'),
  in: ({ bytesIn }) => cell(formatBytes(bytesIn)),
  out: ({ bytesOut }) => cell(formatBytes(bytesOut)),
  rateIn: ({ rateIn }) => rate(rateIn),
  rateOut: ({ rateOut }) => rate(rateOut),
}

/** Which way, from here. */
export function directionText(direction: 'inbound' | 'outbound'): SafeText {
  return direction === 'inbound' ? say`in` : say`out`
}

/** `/yamux/1.0.0` is yamux, `/noise` is noise. */
export function protocolName(protocol: SafeText): SafeText {
  return (/^\/?([^/]+)/.exec(protocol)?.[1] ?? protocol) as SafeText
}

/** Through a relay, and what that relay lets through: bytes and time for the whole connection. */
function relayedText({ limitBytes, limitMs }: Connection): SafeText {
  return joinSafe(
    [
      say`relayed`,
      ...(limitBytes === undefined ? [] : [formatBytes(limitBytes)]),
      ...(limitMs === undefined ? [] : [formatDuration(limitMs).replace(/ 0 \w+$/, '') as SafeText]),
    ],
    ' ',
  )
}

function rate(bytesPerSecond: number): Cell {
  return flowOf(bytesPerSecond) === 0 ? cell(NONE, 'dim') : cell(formatRate(bytesPerSecond))
}

const MINUTE = 60_000

/** An age in ms that reads `new` for the first minute, and changes seldom after that. */
export function ageText(ms: number): SafeText {
  return ms < MINUTE ? say`new` : shortAge(ms)
}
