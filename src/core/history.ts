/** The lines that were entered before, oldest first. */
import type { SafeText } from './safe-text.ts'

/** Lines entered before, oldest first, at most {@link HISTORY_LENGTH} of them. */
export type History = readonly SafeText[]

/** How many lines are kept. */
export const HISTORY_LENGTH = 1000
/** The longest line that can be entered and is kept, in UTF-16 units. */
export const LINE_LENGTH = 4096

/**
 * The history with one more line. A blank line and one that repeats the newest are not added; the oldest goes once
 * there are more than `capacity`.
 */
export function addToHistory(history: History, line: SafeText, capacity = HISTORY_LENGTH): History {
  const entry = line.trim() as SafeText
  if (entry === '' || entry === history.at(-1)) return history
  return [...history.slice(Math.max(0, history.length - capacity + 1)), entry]
}
