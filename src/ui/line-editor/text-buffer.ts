/** A line of text with a cursor between its characters. Pure. */
import { LINE_LENGTH } from '../../core/history.ts'
import { type SafeText, safeText } from '../../core/safe-text.ts'
import { graphemes } from '../../core/width.ts'

/** The characters of a line, and the cursor among them. */
export interface TextBuffer {
  /** The characters as a person counts them (grapheme clusters). */
  readonly clusters: readonly string[]
  /** How many characters are before the cursor: 0 to `clusters.length`. */
  readonly cursor: number
}

/** A line with nothing in it. */
export const emptyBuffer: TextBuffer = { clusters: [], cursor: 0 }

/** A line with the cursor at its end. */
export function bufferOf(text: string): TextBuffer {
  return buffer(text, '')
}

/** The line. Everything in a buffer has been made safe when it came in. */
export function textOf({ clusters }: TextBuffer): SafeText {
  return clusters.join('') as SafeText
}

/** The line's text up to the cursor. */
export function beforeCursor({ clusters, cursor }: TextBuffer): SafeText {
  return clusters.slice(0, cursor).join('') as SafeText
}

/** The line's text from the cursor on. */
export function afterCursor({ clusters, cursor }: TextBuffer): SafeText {
  return clusters.slice(cursor).join('') as SafeText
}

/**
 * A line of these two parts, made safe, the cursor between them. What does not fit into {@link LINE_LENGTH} is taken
 * from the end of `before`: it is what has just come in.
 */
export function buffer(before: string, after: SafeText | ''): TextBuffer {
  const head = fitting(safeText(before.slice(0, LINE_LENGTH), LINE_LENGTH), LINE_LENGTH - after.length)
  // Made safe as a whole too: marks typed one by one must not pile up on one character.
  const clusters = graphemes(safeText(head + after, LINE_LENGTH))
  return { clusters, cursor: clustersUpTo(clusters, head.length) }
}

/** The line with `text` typed at the cursor. */
export function insert(line: TextBuffer, text: string): TextBuffer {
  return buffer(beforeCursor(line) + text, afterCursor(line))
}

/** The line without the characters from `start` up to `end`, the cursor where they were. */
export function remove({ clusters }: TextBuffer, start: number, end: number): TextBuffer {
  return buffer(clusters.slice(0, start).join(''), clusters.slice(end).join('') as SafeText)
}

/** The line with its cursor elsewhere; a place outside of the line becomes its nearest end. */
export function moveTo(line: TextBuffer, cursor: number): TextBuffer {
  return { ...line, cursor: Math.max(0, Math.min(cursor, line.clusters.length)) }
}

/** How many clusters it takes to reach `units` UTF-16 units. */
function clustersUpTo(clusters: readonly string[], units: number): number {
  let reached = 0
  for (const [count, cluster] of clusters.entries()) {
    if (reached >= units) return count
    reached += cluster.length
  }
  return clusters.length
}

/** The characters from the start of `text` that take no more than `units` UTF-16 units. */
function fitting(text: SafeText, units: number): string {
  if (text.length <= units) return text
  let kept = ''
  for (const cluster of graphemes(text)) {
    if (kept.length + cluster.length > units) break
    kept += cluster
  }
  return kept
}
