import type { SafeText } from '../../core/safe-text.ts'
import { isListView } from './places.ts'
import type {
  ConnectionColumn,
  FilterPlace,
  ListChoice,
  ListView,
  Notice,
  Overlay,
  Pane,
  PeerColumn,
  ScreenState,
  Sort,
  View,
} from './screen-state.ts'

/** A change of the screen's choices, for {@link reduceScreen}. */
export type ScreenAction =
  | { type: 'view'; view: View }
  | { type: 'list:select'; view: ListView; id: string; row: number; top: number }
  | { type: 'focus'; pane: Pane }
  | { type: 'overlay:open'; overlay: Overlay }
  | { type: 'overlay:close' }
  | { type: 'overlay:scroll'; to: number }
  | { type: 'peers:select'; peerId: SafeText | undefined; top: number; row?: number }
  | { type: 'peers:sort'; column: PeerColumn; descending?: boolean }
  | { type: 'connections:sort'; column: ConnectionColumn; descending?: boolean }
  | { type: 'filter'; pane: FilterPlace; filter: string }
  | { type: 'log:cursor'; place: number | undefined; until?: number }
  | { type: 'log:pause'; at: number | undefined }
  | { type: 'log:clear'; to: number }
  | { type: 'bar:open'; mode: 'command' | 'filter'; pane: FilterPlace; text: string }
  | { type: 'bar:close' }
  | { type: 'notice'; notice: Notice | undefined }
  | { type: 'running:add'; id: number; line: SafeText }
  | { type: 'running:dial'; id: number; dialId: SafeText }
  | { type: 'running:remove'; id: number }

/** The screen's choices after one more action. Pure. */
export function reduceScreen(state: ScreenState, action: ScreenAction): ScreenState {
  switch (action.type) {
    case 'view':
      return { ...state, view: action.view, overlays: [] }
    case 'list:select': {
      const { id: selected, row, top } = action
      return withChoice(state, action.view, { selected, row, top })
    }
    case 'focus':
      return { ...state, view: 'main', focus: action.pane }
    case 'overlay:open':
      return { ...state, overlays: [...state.overlays, action.overlay] }
    case 'overlay:close':
      return { ...state, overlays: state.overlays.slice(0, -1) }
    case 'overlay:scroll':
      return { ...state, overlays: scrolled(state.overlays, action.to) }
    case 'peers:select': {
      const { selected: _, ...peers } = state.peers
      const selected = action.peerId === undefined ? {} : { selected: action.peerId }
      return { ...state, peers: { ...peers, row: action.row ?? peers.row, top: action.top, ...selected } }
    }
    case 'peers:sort':
      return { ...state, peers: { ...state.peers, sort: nextSort(state.peers.sort, action) } }
    case 'connections:sort':
      return { ...state, connectionSort: nextSort(state.connectionSort, action) }
    case 'filter':
      if (isListView(action.pane)) return withChoice(state, action.pane, { filter: action.filter, top: 0 })
      return action.pane === 'peers'
        ? { ...state, peers: { ...state.peers, filter: action.filter, top: 0 } }
        : { ...state, log: following({ ...state.log, filter: action.filter }) }
    case 'log:cursor': {
      const { cursor: _, until: __, ...log } = state.log
      if (action.place === undefined) return { ...state, log }
      return { ...state, log: { ...log, cursor: action.place, until: action.until ?? action.place + 1 } }
    }
    case 'log:pause': {
      const { pausedAt: _, ...log } = state.log
      return { ...state, log: action.at === undefined ? following(log) : { ...log, pausedAt: action.at } }
    }
    case 'log:clear': {
      const { cursor: _, until: __, pausedAt: ___, ...log } = state.log
      return { ...state, log: { ...log, clearedTo: action.to } }
    }
    case 'bar:open':
      return { ...state, bar: { mode: action.mode, pane: action.pane, text: action.text } }
    case 'bar:close': {
      const { bar: _, ...rest } = state
      return rest
    }
    case 'notice': {
      const { notice: _, ...rest } = state
      return action.notice === undefined ? rest : { ...rest, notice: action.notice }
    }
    case 'running:add':
      return { ...state, running: [...state.running, { id: action.id, line: action.line }] }
    case 'running:dial': {
      const { id, dialId } = action
      const running = state.running.map(one => (one.id === id ? { ...one, dialId } : one))
      return { ...state, running }
    }
    case 'running:remove':
      return { ...state, running: state.running.filter(({ id }) => id !== action.id) }
  }
}

function withChoice(state: ScreenState, view: ListView, change: Partial<ListChoice>): ScreenState {
  return { ...state, lists: { ...state.lists, [view]: { ...state.lists[view], ...change } } }
}

/** The log at its end again: a cursor means little among other lines. */
function following({ cursor: _, until: __, ...log }: ScreenState['log']): ScreenState['log'] {
  return log
}

function scrolled(overlays: readonly Overlay[], to: number): readonly Overlay[] {
  const top = overlays.at(-1)
  return top === undefined ? overlays : [...overlays.slice(0, -1), { ...top, scroll: Math.max(0, to) }]
}

/** The same column again turns the order round; another one starts in its own natural order. */
function nextSort<Column extends string>(
  sort: Sort<Column>,
  { column, descending }: { column: Column; descending?: boolean },
): Sort<Column> {
  if (descending !== undefined) return { column, descending }
  return column === sort.column ? { column, descending: !sort.descending } : { column, descending: false }
}
