import type { SafeText } from '../core/safe-text.ts'
import { cut, widthOf } from '../core/width.ts'
import type { StyleName } from './theme.ts'

/** A piece of a row in one style. Several names add up, the later ones win. */
export interface Span {
  text: SafeText
  style?: StyleName | readonly StyleName[] | undefined
}

/** The spans in exactly `columns` columns: cut where they are too wide, filled with blanks where too narrow. */
export function fitSpans(spans: readonly Span[], columns: number): Span[] {
  const fitted: Span[] = []
  let left = columns
  for (const span of spans) {
    if (left <= 0) break
    const text = cut(span.text, left)
    fitted.push(text === span.text ? span : { ...span, text })
    left -= widthOf(text)
    if (text !== span.text) break
  }
  // The end of one span and the start of the next may be drawn as one character (two halves of a flag).
  const missing = columns - widthOf(fitted.map(span => span.text).join(''))
  if (missing > 0) fitted.push({ text: ' '.repeat(missing) as SafeText })
  return fitted
}
