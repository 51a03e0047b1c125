import type { History } from '../../core/history.ts'
import { safeText } from '../../core/safe-text.ts'
import { graphemes } from '../../core/width.ts'
import type { Action, LineState, Search } from './state.ts'
import { bufferOf, moveTo } from './text-buffer.ts'

/** The longest text that is searched for. */
const QUERY_LENGTH = 128

/** Begins a search; the line stays until something is typed. */
export function search(state: LineState, history: History): LineState {
  return { ...state, search: { query: safeText(''), at: history.length, before: state.line } }
}

/**
 * What an action does during a search: typing refines it, `search` goes on to older lines, `escape` gives the line
 * before back. `undefined`: the search is over, its line stays, and the action takes its usual effect on it.
 */
export function searchFor(state: LineState, action: Action, history: History): LineState | undefined {
  const { search: current } = state
  if (current === undefined) return undefined
  switch (action.type) {
    case 'insert':
    case 'paste': {
      const query = safeText((current.query + action.text).slice(0, QUERY_LENGTH))
      return find(state, { ...current, query }, current.at ?? -1, history)
    }
    case 'delete': {
      if (action.to === 'right') return state
      const query = safeText(graphemes(current.query).slice(0, -1).join(''))
      if (query === '')
        return { ...state, line: current.before, search: { ...current, query, at: history.length } }
      return find(state, { ...current, query }, history.length - 1, history)
    }
    case 'search':
      if (current.query === '') return state
      return find(state, current, (current.at ?? 0) - 1, history)
    case 'escape':
      return cancelSearch(state)
    default:
      return undefined
  }
}

/** Ends a search and gives back the line from before. Without a search nothing changes. */
export function cancelSearch(state: LineState): LineState {
  if (state.search === undefined) return state
  return { ...state, line: state.search.before, search: undefined }
}

/** The newest line from `start` backwards that holds the query, capitals or not; the cursor goes to where it does. */
function find(state: LineState, wanted: Search, start: number, history: History): LineState {
  const query = wanted.query.toLowerCase()
  for (let at = Math.min(start, history.length - 1); at >= 0; at--) {
    const entry = history[at] ?? ''
    const place = entry.toLowerCase().indexOf(query)
    if (place < 0) continue
    const line = moveTo(bufferOf(entry), graphemes(entry.slice(0, place)).length)
    return { ...state, line, search: { ...wanted, at } }
  }
  // The last line that was found stays in sight.
  return { ...state, search: { ...wanted, at: undefined } }
}
