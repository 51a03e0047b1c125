/** Rows of detail views: headings, and values with what they are beside them. Pure. */
import type { SafeText } from '../core/safe-text.ts'
import { pad } from '../core/width.ts'
import type { Span } from './spans.ts'
import { wrap } from './wrap.ts'

const LABEL_COLUMNS = 13
const INDENT = '  ' as SafeText

/** The heading of a section, with an empty row above. */
export function section(title: SafeText, note?: SafeText): Span[][] {
  const heading: Span = { text: title, style: 'heading' }
  return [[], note === undefined ? [heading] : [heading, { text: INDENT }, { text: note, style: 'dim' }]]
}

/** A label and its value; a value that is too wide goes on in the rows below. */
export function field(label: SafeText, value: SafeText, columns: number, style?: Span['style']): Span[][] {
  const lines = wrap(value, Math.max(8, columns - LABEL_COLUMNS - INDENT.length))
  return lines.map((line, place) => [
    { text: INDENT },
    { text: pad(place === 0 ? label : ('' as SafeText), LABEL_COLUMNS), style: 'dim' },
    { text: line, style },
  ])
}

/** A row of its own, indented like fields. */
export function indented(...spans: Span[]): Span[] {
  return [{ text: INDENT }, ...spans]
}
