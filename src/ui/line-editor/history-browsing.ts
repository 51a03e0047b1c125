import type { History } from '../../core/history.ts'
import type { Browsing, LineState, Step } from './state.ts'
import { bufferOf, textOf } from './text-buffer.ts'

/**
 * Shows the next older (-1) or newer (1) line that begins with what was typed. Past the newest the typed line is back.
 * Without such a line nothing changes.
 */
export function browse(
  state: LineState,
  browsing: Browsing | undefined,
  step: Step,
  history: History,
): LineState {
  const shown = textOf(state.line)
  const draft = browsing?.draft ?? shown
  let at = (browsing?.at ?? history.length) + step
  // A line that is shown already, or was typed just so, would look like a key that does nothing.
  while (at >= 0 && at < history.length && !isOther(history[at], draft, shown)) at += step
  if (at >= 0 && at < history.length) {
    return { ...state, line: bufferOf(history[at] ?? ''), browsing: { at, draft } }
  }
  if (browsing === undefined) return state
  return step === 1 ? { ...state, line: bufferOf(draft) } : { ...state, browsing }
}

function isOther(entry: string | undefined, draft: string, shown: string): boolean {
  return entry?.startsWith(draft) === true && entry !== shown && entry !== draft
}
