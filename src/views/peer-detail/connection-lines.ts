import { withoutPeerId } from '../../core/address.ts'
import { formatAge, formatBytes, formatRate } from '../../core/format.ts'
import { joinSafe, safeText, say } from '../../core/safe-text.ts'
import type { Connection, Stream } from '../../core/swarm.ts'
import { field, indented, section } from '../../ui/fields.ts'
import type { Span } from '../../ui/spans.ts'
import { cell, fitColumns, rowSpans } from '../../ui/table.ts'
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
  const made = joinSafe([safeText(direction), transport, encryption, muxer], ' · ')
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

function streamRow({ protocol, direction, openedAt }: Stream, { columns, now }: DetailContext): Span[] {
  const fitted = fitColumns(
    [
      { id: 'indent', least: 13, priority: 4, gap: 0 },
      { id: 'protocol', least: 16, wanted: 44, priority: 3 },
      { id: 'direction', least: 8, priority: 2 },
      { id: 'age', least: 6, priority: 1 },
    ] as const,
    columns - 2,
  )
  const cells = {
    indent: cell(say``),
    protocol: cell(protocol, undefined, 'middle'),
    direction: cell(safeText(direction), 'dim'),
    age: cell(formatAge(now - openedAt), 'dim'),
  }
  return indented(...rowSpans(fitted, ({ id }) => cells[id]))
}
