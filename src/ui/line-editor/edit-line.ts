import type { SafeText } from '../../core/safe-text.ts'
import { complete, undoCompletion } from './completion.ts'
import { browse } from './history-browsing.ts'
import { paste } from './paste.ts'
import { cancelSearch, search, searchFor } from './reverse-search.ts'
import { type Action, type LineState, type Place, type Sources, settled } from './state.ts'
import { emptyBuffer, insert, moveTo, remove, type TextBuffer, textOf } from './text-buffer.ts'
import { wordEnd, wordStart } from './words.ts'

/**
 * The line after an action. `submit` empties it; who calls takes the text before (see run.ts). `escape` cancels a
 * search or a menu, and otherwise changes nothing.
 */
export function editLine(state: LineState, action: Action, sources: Sources): LineState {
  const { note: _, ...current } = state
  if (state.search !== undefined) {
    const stillSearching = searchFor(current, action, sources.history)
    if (stillSearching !== undefined) return stillSearching
  }
  switch (action.type) {
    case 'history':
      // With a menu open the arrows move through it.
      if (state.menu !== undefined) return complete(current, action.step, sources)
      return browse(settled(current), current.browsing, action.step, sources.history)
    case 'search':
      return search(settled(current), sources.history)
    case 'complete':
      return complete(current, action.step, sources)
    case 'escape':
      return undoCompletion(cancelSearch(current))
    case 'submit':
      return { ...settled(current), line: emptyBuffer }
    case 'kill':
      return kill(current, action.to)
    default:
      return edit(settled(current), action)
  }
}

function edit(
  state: LineState,
  action: Extract<Action, { type: 'insert' | 'paste' | 'move' | 'delete' | 'yank' }>,
): LineState {
  const { line } = state
  switch (action.type) {
    case 'insert':
      return { ...state, line: insert(line, action.text) }
    case 'paste':
      return paste(state, action.text)
    case 'yank':
      return { ...state, line: insert(line, state.killed) }
    case 'move':
      return { ...state, line: moveTo(line, placeOf(line, action.to)) }
    case 'delete':
      return { ...state, line: without(line, placeOf(line, action.to)) }
  }
}

/** Takes the text up to a place out of the line. Kills in a row add up, so that one yank brings all of it back. */
function kill(state: LineState, to: Extract<Action, { type: 'kill' }>['to']): LineState {
  const { line } = state
  const place = to === 'blankLeft' ? wordStart(line, 'unbroken') : placeOf(line, to)
  const start = Math.min(place, line.cursor)
  const taken = line.clusters.slice(start, Math.max(place, line.cursor)).join('')
  const before = state.killing ? state.killed : ''
  const killed = place < line.cursor ? taken + before : before + taken
  return {
    ...settled(state),
    line: without(line, place),
    // Nothing to kill forgets nothing.
    killed: (killed === '' ? state.killed : killed) as SafeText,
    killing: true,
  }
}

function without(line: TextBuffer, place: number): TextBuffer {
  if (place === line.cursor) return line
  return remove(line, Math.min(place, line.cursor), Math.max(place, line.cursor))
}

function placeOf(line: TextBuffer, place: Place): number {
  switch (place) {
    case 'left':
      return Math.max(0, line.cursor - 1)
    case 'right':
      return Math.min(line.clusters.length, line.cursor + 1)
    case 'wordLeft':
      return wordStart(line, 'alphanumeric')
    case 'wordRight':
      return wordEnd(line, 'alphanumeric')
    case 'start':
      return 0
    case 'end':
      return line.clusters.length
  }
}

/** True when Esc has something to cancel; otherwise it leaves the bar. */
export function hasSomethingToCancel(state: LineState): boolean {
  return state.search !== undefined || state.menu !== undefined
}

/** The line as it would be submitted. */
export function lineOf(state: LineState): SafeText {
  return textOf(state.line)
}
