import { formatDuration, formatMs, formatShare } from '../../core/format.ts'
import { deviationMs, lossRatio, p95Ms } from '../../core/ping-stats.ts'
import { joinSafe, type SafeText, say } from '../../core/safe-text.ts'
import type { Peer } from '../../core/swarm.ts'
import { pad, widthOf } from '../../core/width.ts'
import { field, indented, section } from '../../ui/fields.ts'
import type { Span } from '../../ui/spans.ts'
import { graph } from '../../ui/sparkline.ts'
import type { DetailContext } from './peer-lines.ts'

const GRAPH_ROWS = 4
/** Columns to the left of the graph for the greatest and the least RTT in it. */
const SCALE_COLUMNS = 10

/** How pings to a peer go: the figures that people know from `ping`, and the latest RTTs as a graph. */
export function pingLines({ ping, pingIntervalMs }: Peer, context: DetailContext): Span[][] {
  const note = pingIntervalMs === undefined ? undefined : say`every ${formatDuration(pingIntervalMs)}`
  const heading = section(say`Ping`, note)
  const { columns } = context
  if (ping.received + ping.lost === 0 && ping.coldMs === undefined) {
    return [...heading, indented({ text: say`not pinged yet: p pings, P keeps pinging`, style: 'dim' })]
  }
  const figures: readonly (readonly [SafeText, SafeText])[] = [
    [say`last`, formatMs(ping.lastMs)],
    [say`min`, formatMs(ping.minMs)],
    [say`avg`, formatMs(ping.meanMs)],
    [say`max`, formatMs(ping.maxMs)],
    [say`mdev`, formatMs(deviationMs(ping))],
    [say`p95`, formatMs(p95Ms(ping))],
    [say`jitter`, formatMs(ping.jitterMs)],
    [say`cold`, formatMs(ping.coldMs)],
  ]
  const lost = ping.lost > 0 ? 'bad' : undefined
  const counts = say`${ping.received} answered, ${ping.lost} lost (${formatShare(lossRatio(ping))})`
  return [
    ...heading,
    ...inColumns(figures, columns),
    indented({ text: pad(say`loss`, 7), style: 'dim' }, { text: counts, style: lost }),
    ...(ping.lastFailure === undefined ? [] : field(say`last failure`, ping.lastFailure, columns, 'bad')),
    ...historyLines(ping.samples, context),
  ]
}

/** Label and figure pairs side by side, as many in a row as fit. */
function inColumns(figures: readonly (readonly [SafeText, SafeText])[], columns: number): Span[][] {
  const width = 18
  const perRow = Math.max(1, Math.min(4, Math.floor((columns - 2) / width)))
  const rows: Span[][] = []
  for (let first = 0; first < figures.length; first += perRow) {
    const spans = figures
      .slice(first, first + perRow)
      .flatMap(([label, figure]): Span[] => [
        { text: pad(label, 7), style: 'dim' },
        { text: pad(figure, width - 7) },
      ])
    rows.push(indented(...spans))
  }
  return rows
}

function historyLines(samples: Peer['ping']['samples'], { columns, glyphs }: DetailContext): Span[][] {
  const room = Math.max(1, columns - SCALE_COLUMNS - 4)
  const shown = samples.slice(-room)
  const answered = shown.filter(sample => sample !== null)
  if (answered.length === 0) return []
  const rows = graph(shown, { columns: room, rows: GRAPH_ROWS }, glyphs)
  const labels = new Map([
    [0, formatMs(Math.max(...answered))],
    [GRAPH_ROWS - 1, formatMs(Math.min(...answered))],
  ])
  return [
    [],
    ...rows.map((row, place) => {
      const label = labels.get(place) ?? say``
      return indented(
        { text: joinSafe([pad(label, SCALE_COLUMNS - 1, 'right'), say` `], ''), style: 'dim' },
        ...(widthOf(label) > SCALE_COLUMNS ? [] : row),
      )
    }),
  ]
}
