import { type SafeText, say } from '../../core/safe-text.ts'
import { cut, widthOf } from '../../core/width.ts'
import type { LineState } from './state.ts'

/** What one row shows of the line. All parts together are never wider than the row. */
export interface LineLayout {
  prompt: SafeText
  /** The part of the line that fits, with `‹` and `›` where more of it is. */
  visible: SafeText
  /** The hint, to be shown dim after the line; '' without one. */
  ghost: SafeText
  /** Column of the cursor, 0 at the row's left; always within the row, and never inside a wide character. */
  cursorColumn: number
}

/** What stands before the line, and what is shown dim after it. */
export interface LayoutOptions {
  prompt?: SafeText
  /** What could follow; shown while the cursor is at the line's end. */
  hint?: SafeText | undefined
}

const NOTHING = say``

/** Lays the line out in a row of `columns`, scrolled so that the cursor is in sight. */
export function layoutLine(state: LineState, columns: number, options: LayoutOptions = {}): LineLayout {
  const prompt = cut(promptFor(state, options.prompt ?? NOTHING), Math.floor(columns / 2), { from: 'start' })
  const used = widthOf(prompt)
  const room = Math.max(0, columns - used)
  const { visible, cursor } = scroll(state.line.clusters, state.line.cursor, room)
  const left = room - widthOf(visible)
  return {
    prompt,
    visible,
    ghost: cut(ghostFor(state, options.hint), left),
    cursorColumn: Math.max(0, Math.min(used + cursor, columns - 1)),
  }
}

function promptFor(state: LineState, prompt: SafeText): SafeText {
  if (state.search === undefined) return prompt
  return state.search.at === undefined
    ? say`(no match: ${state.search.query}) `
    : say`(search: ${state.search.query}) `
}

function ghostFor(state: LineState, hint: SafeText | undefined): SafeText {
  const atEnd = state.line.cursor === state.line.clusters.length
  return atEnd && state.search === undefined ? (hint ?? NOTHING) : NOTHING
}

/** The window of the line around its cursor, and the cursor's column in it. */
function scroll(
  clusters: readonly string[],
  cursor: number,
  room: number,
): { visible: SafeText; cursor: number } {
  const starts = startsOf(clusters)
  const total = starts[clusters.length] ?? 0
  // The cursor needs a column of its own after the last character.
  if (total < room) return { visible: clusters.join('') as SafeText, cursor: starts[cursor] ?? 0 }
  const first = firstVisible(starts, cursor, room)
  const mark = first > 0 ? '‹' : ''
  const start = (starts[first] ?? 0) - mark.length
  let end = first
  while (end < clusters.length && (starts[end + 1] ?? 0) - start < room) end++
  const visible = `${mark}${clusters.slice(first, end).join('')}${end < clusters.length ? '›' : ''}`
  return { visible: cut(visible as SafeText, room), cursor: (starts[cursor] ?? 0) - start }
}

/**
 * The first character shown. The window moves by half its width, not with each key, so that the text stands still
 * while a person types.
 */
function firstVisible(starts: readonly number[], cursor: number, room: number): number {
  const step = Math.max(1, Math.floor(room / 2))
  const cursorEnd = starts[Math.min(cursor + 1, starts.length - 1)] ?? 0
  let first = 0
  // One column is the right mark's, and one the left mark's once there is one.
  for (let from = step; cursorEnd - (starts[first] ?? 0) + (first > 0 ? 1 : 0) >= room; from += step) {
    while (first < cursor && (starts[first] ?? 0) < from) first++
    if (first === cursor) break
  }
  return first
}

/** The column at which each character begins, and at last the column after the last one. */
function startsOf(clusters: readonly string[]): number[] {
  let column = 0
  return [0, ...clusters.map(cluster => (column += widthOf(cluster)))]
}
