import { withoutPeerId } from '../../core/address.ts'
import type { NodeEvent } from '../../core/events.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import { field, section } from '../../ui/fields.ts'
import type { Span } from '../../ui/spans.ts'
import type { StyleName } from '../../ui/theme.ts'

interface Tried {
  address: SafeText
  cause?: SafeText | undefined
}

/** What became of each address of a dial: which one won, which failed and why, which were not needed; else no lines. */
export function dialLines(event: NodeEvent, columns: number): Span[][] {
  if (event.type === 'dial:failed' && event.attempts.length > 0) {
    return [...heading(event.attempts.length), ...event.attempts.flatMap(one => other(one, columns))]
  }
  if (event.type !== 'dial:succeeded' || event.existing) return []
  const { others = [], address } = event
  return [
    ...heading(others.length + 1),
    ...line(say`won`, 'good', address, columns),
    ...others.toSorted(failedFirst).flatMap(one => other(one, columns)),
  ]
}

function heading(count: number): Span[][] {
  return section(say`Addresses`, say`${count}`)
}

function failedFirst(a: Tried, b: Tried): number {
  return Number(a.cause === undefined) - Number(b.cause === undefined)
}

function other({ address, cause }: Tried, columns: number): Span[][] {
  if (cause === undefined) return line(say`not needed`, 'dim', address, columns)
  return [...line(say`failed`, 'bad', address, columns), ...field(say``, cause, columns, 'dim')]
}

function line(word: SafeText, style: StyleName, address: SafeText, columns: number): Span[][] {
  return field(word, withoutPeerId(address), columns, style)
}
