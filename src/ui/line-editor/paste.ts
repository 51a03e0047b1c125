import { LINE_LENGTH } from '../../core/history.ts'
import { say } from '../../core/safe-text.ts'
import type { LineState } from './state.ts'
import { insert, textOf } from './text-buffer.ts'

/**
 * Pasted text goes into the line and runs nothing: line breaks become blanks, and a note says so. (What was copied
 * from a page may hold lines that were not seen.)
 */
export function paste(state: LineState, text: string): LineState {
  // One more than fits, to notice that it does not. What a paste costs is bounded by the line, not by the paste.
  const lines = text
    .slice(0, LINE_LENGTH + 1)
    .split(/[\r\n]+/)
    .map(line => line.trim())
    .filter(line => line !== '')
  const joined = lines.length > 1 ? lines.join(' ') : text.slice(0, LINE_LENGTH + 1).replace(/[\r\n]+/g, '')
  const line = insert(state.line, joined)
  const room = LINE_LENGTH - textOf(state.line).length
  const note =
    text.length > LINE_LENGTH || joined.length > room
      ? say`too long: cut to ${LINE_LENGTH} characters`
      : lines.length > 1
        ? say`${lines.length} lines pasted as one; press Enter to run`
        : undefined
  return note === undefined ? { ...state, line } : { ...state, line, note }
}
