import { withName } from '../../core/event-names.ts'
import { describeEvent } from '../../core/event-text.ts'
import type { NodeEvent } from '../../core/events.ts'
import { formatTime } from '../../core/format.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { field, indented, section } from '../../ui/fields.ts'
import type { Span } from '../../ui/spans.ts'
import { wrap } from '../../ui/wrap.ts'
import { dialLines } from './dial-lines.ts'

/** An event in words, then all of its data as JSON, as `--json` writes it. `name`: what its peer is called. */
export function eventLines(event: NodeEvent, columns: number, name?: SafeText): Span[][] {
  const text = withName(describeEvent(event).text, event, name)
  const date = new Date(event.time)
  return [
    ...field(say`Event`, safeText(event.type), columns, 'strong'),
    ...field(say`Number`, say`${event.seq}`, columns),
    ...field(say`Time`, say`${formatTime(event.time, true)}  ${safeText(date.toISOString())}`, columns),
    ...field(say`In words`, text, columns),
    ...dialLines(event, columns),
    ...section(say`Data`),
    ...JSON.stringify(event, null, 2)
      .split('\n')
      .flatMap(line => jsonRow(line, columns)),
  ]
}

const ENTRY = /^(\s*)("(?:[^"\\]|\\.)*":)?\s?(.*)$/

/** One line of JSON: the key quiet, the value plain, what is too wide going on below, indented. */
function jsonRow(line: string, columns: number): Span[][] {
  const [, indent = '', key = '', value = ''] = ENTRY.exec(line) ?? []
  const head = safeText(`${indent}${key}${key === '' ? '' : ' '}`)
  const [first = say``, ...rest] = wrap(safeText(value, 4096), Math.max(8, columns - 4 - head.length))
  return [
    indented({ text: head, style: 'dim' }, { text: first }),
    ...rest.map(part => indented({ text: safeText(' '.repeat(head.length)) }, { text: part })),
  ]
}
