import { withoutPeerId } from '../../core/address.ts'
import { formatAge, formatBytes, formatRate } from '../../core/format.ts'
import { joinSafe, type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Connection, Stream } from '../../core/swarm.ts'
import { field, indented, section } from '../../ui/fields.ts'
import type { Span } from '../../ui/spans.ts'
import { cell, fitColumns, rowSpans } from '../../ui/table.ts'
import { limitsText } from '../connections/connection-columns.ts'
import type { DetailContext } from './peer-lines.ts'

/** Every open connection with what it is made of, and its live streams below it. */
export function connectionLines(connections: readonly Connection[], context: DetailContext): Span[][] {
  const heading = section(say`Connections`, say`${connections.length}`)
  if (connections.length === 0) return [...heading, indented({ text: say`none open`, style: 'dim' })]
  return [...heading, ...connections.flatMap(connection => oneConnection(connection, context))]
}

function oneConnection(connection: Connection, context: DetailContext): Span[][] {
  const { address, direction, transport, encryption, muxer, openedAt, streams } = connection
  const { columns, now } = context
  const made = joinSafe([safeText(direction), transport, encryption, muxer, pathText(connection)], ' · ')
  const bytes = say`in ${formatBytes(connection.bytesIn)} (${formatRate(connection.rateIn)}), out ${formatBytes(connection.bytesOut)} (${formatRate(connection.rateOut)})`
  return [
    ...field(direction === 'inbound' ? say`from` : say`to`, withoutPeerId(address), columns),
    ...field(say``, made, columns),
    ...field(say``, say`open for ${formatAge(now - openedAt)}, ${bytes}`, columns),
    ...(streams.length === 0
      ? field(say``, say`no live streams`, columns, 'dim')
      : streams.map(stream => streamRow(stream, context))),
  ]
}

/** Direct, or through a relay and within which limits. */
function pathText(connection: Connection): SafeText {
  if (connection.relayed !== true) return say`direct`
  const limits = limitsText(connection)
  return limits === '' ? say`relayed` : say`relayed within ${limits}`
}

function streamRow(
  { protocol, direction, openedAt, bytesIn, bytesOut }: Stream,
  { columns, now }: DetailContext,
): Span[] {
  const fitted = fitColumns(
    [
      { id: 'indent', least: 13, priority: 6, gap: 0 },
      { id: 'protocol', least: 16, wanted: 44, priority: 5 },
      { id: 'direction', least: 8, priority: 2 },
      { id: 'bytes', least: 21, priority: 3 },
      { id: 'age', least: 6, priority: 1 },
    ] as const,
    columns - 2,
  )
  const cells = {
    indent: cell(say``),
    protocol: cell(protocol, undefined, 'middle'),
    direction: cell(safeText(direction), 'dim'),
    bytes: cell(say`in ${formatBytes(bytesIn)}, out ${formatBytes(bytesOut)}`),
    age: cell(formatAge(now - openedAt), 'dim'),
  }
  return indented(...rowSpans(fitted, ({ id }) => cells[id]))
}
