/**
 * How many terminal columns text takes, and cutting and filling text by columns.
 *
 * These run for each visible cell of each frame. Printable ASCII, which nearly all of it is, never reaches the
 * grapheme segmenter.
 */
import stringWidth from 'string-width'
import type { SafeText } from './safe-text.ts'

const ELLIPSIS = '…'
const NOT_PRINTABLE_ASCII = /[^\x20-\x7e]/
/** At most so many widths are remembered, of texts of so many UTF-16 units. */
const MOST_KEPT = 4096
const LONGEST_KEPT = 256
const widths = new Map<string, number>()
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Where text that is too wide loses its middle, its end or its start. */
export type CutFrom = 'end' | 'middle' | 'start'
/** On which side of a cell its text stands. */
export type Align = 'left' | 'right' | 'center'

/** The columns that a terminal gives to `text`: wide characters and emoji take two, combining marks none. */
export function widthOf(text: string): number {
  return NOT_PRINTABLE_ASCII.test(text) ? measured(text) : text.length
}

/** What a person takes for the characters of `text` (extended grapheme clusters, UAX #29). */
export function graphemes(text: string): string[] {
  if (!NOT_PRINTABLE_ASCII.test(text)) return text.split('')
  return Array.from(segmenter.segment(text), part => part.segment)
}

/**
 * `text` in at most `columns` columns, with an ellipsis where something was left out. Never splits a character: where
 * a wide one does not fit the result is a column narrower.
 */
export function cut(text: SafeText, columns: number, { from = 'end' }: { from?: CutFrom } = {}): SafeText {
  // No text is wider than two columns a UTF-16 unit; the short ones need no measuring.
  if (text.length * 2 <= columns) return text
  if (columns <= 0) return '' as SafeText
  const ascii = !NOT_PRINTABLE_ASCII.test(text)
  if ((ascii ? text.length : measured(text)) <= columns) return text
  const room = columns - 1
  const tailRoom = from === 'end' ? 0 : from === 'start' ? room : Math.floor(room / 2)
  if (ascii) {
    return `${text.slice(0, room - tailRoom)}${ELLIPSIS}${text.slice(text.length - tailRoom)}` as SafeText
  }
  const parts = graphemes(text)
  const head = take(parts, room - tailRoom)
  const tail = take(parts.reverse(), tailRoom).reverse()
  return `${head.join('')}${ELLIPSIS}${tail.join('')}` as SafeText
}

/** `text` in exactly `columns` columns: cut at its end or filled with blanks. */
export function pad(text: SafeText, columns: number, align: Align = 'left'): SafeText {
  const kept = cut(text, columns)
  // What was cut from ASCII fills the columns to the last.
  if (kept !== text && !NOT_PRINTABLE_ASCII.test(text)) return kept
  const missing = Math.max(0, columns - widthOf(kept))
  if (missing === 0) return kept
  const before = align === 'left' ? 0 : align === 'right' ? missing : Math.floor(missing / 2)
  return `${' '.repeat(before)}${kept}${' '.repeat(missing - before)}` as SafeText
}

/** The first parts that fit into `columns`. */
function take(parts: readonly string[], columns: number): string[] {
  const taken: string[] = []
  let used = 0
  for (const part of parts) {
    used += widthOf(part)
    if (used > columns) break
    taken.push(part)
  }
  return taken
}

/** The width of text that is not all ASCII, from memory where it can: the same names come with each frame. */
function measured(text: string): number {
  const known = widths.get(text)
  if (known !== undefined) return known
  const width = stringWidth(text)
  if (text.length > LONGEST_KEPT) return width
  if (widths.size >= MOST_KEPT) widths.clear()
  widths.set(text, width)
  return width
}
