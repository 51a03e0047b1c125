import { type SafeText, say } from '../core/safe-text.ts'
import { cut, widthOf } from '../core/width.ts'
import type { StyleName } from './theme.ts'

const LAST_ASCII = 0x7f

/** A piece of a row in one style. Several names add up, the later ones win. */
export interface Span {
  text: SafeText
  style?: StyleName | readonly StyleName[] | undefined
}

/** The spans in exactly `columns` columns: cut where they are too wide, filled with blanks where too narrow. */
export function fitSpans(spans: readonly Span[], columns: number): Span[] {
  const fitted: Span[] = []
  let left = columns
  let joined = false
  for (const [place, span] of spans.entries()) {
    if (left <= 0) {
      if (spans.slice(place).some(hasText)) markCut(fitted)
      break
    }
    const text = cut(span.text, left)
    joined ||= mayJoin(fitted.at(-1)?.text ?? '', text)
    fitted.push(text === span.text ? span : { ...span, text })
    left -= widthOf(text)
    if (text !== span.text) break
  }
  const missing = joined ? columns - widthOf(fitted.map(span => span.text).join('')) : left
  if (missing > 0) fitted.push({ text: ' '.repeat(missing) as SafeText })
  return fitted
}

/** Says of a row that is full that there is more. */
function markCut(fitted: Span[]): void {
  const last = fitted.pop()
  if (last !== undefined) fitted.push({ ...last, text: cut(say`${last.text}…`, widthOf(last.text)) })
}

function hasText({ text }: Span): boolean {
  return text.trim() !== ''
}

/** The end of one span and the start of the next may be drawn as one character, as the two halves of a flag are. */
function mayJoin(before: string, after: string): boolean {
  return before.charCodeAt(before.length - 1) > LAST_ASCII && after.charCodeAt(0) > LAST_ASCII
}
