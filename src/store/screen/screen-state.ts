import type { SafeText } from '../../core/safe-text.ts'

/** Panes that can have the focus. */
export type Pane = 'peers' | 'log'

/** Views that are one list over the whole body of the screen, in the order of their number keys from 2 on. */
export const LIST_VIEWS = ['connections', 'routing', 'relays'] as const
/** One of {@link LIST_VIEWS}. */
export type ListView = (typeof LIST_VIEWS)[number]
/** What the body of the screen shows; `main`: peers and log. */
export type View = 'main' | ListView

/** Whatever can be filtered. */
export type FilterPlace = Pane | ListView

/** What the person has chosen in a {@link ListView}. */
export interface ListChoice {
  /** Id of the selected row; absent until a key was touched. */
  selected?: string
  /** Index of the row it was last seen on: when it vanishes, its neighbour there is selected. */
  row: number
  /** Index of the first row shown. */
  top: number
  filter: string
}

/** What peers can be sorted by, in the order in which the sorting moves on. */
export const PEER_COLUMNS = ['state', 'agent', 'address', 'rtt', 'in', 'out', 'heard'] as const
/** One of {@link PEER_COLUMNS}. */
export type PeerColumn = (typeof PEER_COLUMNS)[number]

/** What connections can be sorted by, in the order in which the sorting moves on: the headings of their columns. */
export const CONNECTION_COLUMNS = ['age', 'peer', 'transport', 'in', 'out', 'in/s', 'out/s'] as const
/** One of {@link CONNECTION_COLUMNS}. */
export type ConnectionColumn = (typeof CONNECTION_COLUMNS)[number]

/** What rows are sorted by. `descending`: against the natural order of the column. */
export interface Sort<Column extends string> {
  column: Column
  descending: boolean
}

/** What lies over the panes, the topmost last. */
export type Overlay =
  | { kind: 'peer'; peerId: SafeText; scroll: number }
  | { kind: 'event'; seq: number; scroll: number }
  | { kind: 'help'; topic?: string; scroll: number }
  | { kind: 'text'; title: SafeText; lines: readonly Notice[]; scroll: number }

/** A line of answer above the command bar. */
export interface Notice {
  tone: 'plain' | 'good' | 'warn' | 'bad'
  text: SafeText
  /** What to try next. */
  hint?: SafeText
  /** The command line that a key stood for. */
  line?: SafeText
}

/** A command under way. */
export interface Running {
  id: number
  line: SafeText
  /** The request of its latest dial, by which the node tells how far that is. */
  dialId?: SafeText
}

/** What the person has chosen to see; nothing of the swarm in it. */
export interface ScreenState {
  view: View
  /** The pane of the main view that keys go to. */
  focus: Pane
  overlays: readonly Overlay[]
  peers: {
    /** The selection stays on its peer while rows move. */
    selected?: SafeText
    /** The row it was last seen on: when the peer vanishes, its neighbour there is selected. */
    row: number
    /** Index of the first row shown; kept so that the selection is in view. */
    top: number
    sort: Sort<PeerColumn>
    filter: string
  }
  log: {
    filter: string
    /** Place (see Ring) of the selected line; absent: follows the end. */
    cursor?: number
    /** Place one past the last line shown, while there is a cursor. */
    until?: number
    /** Set while paused: the place up to which lines are shown. */
    pausedAt?: number
    /** Lines before this place were cleared by the person. */
    clearedTo: number
  }
  lists: Readonly<Record<ListView, ListChoice>>
  connectionSort: Sort<ConnectionColumn>
  /** The line being typed: a command, or the filter of a pane; absent: keys are commands. */
  bar?: { mode: 'command' | 'filter'; pane: FilterPlace; text: string }
  /** The latest answer. */
  notice?: Notice
  /** Commands under way that Esc cancels, newest last. */
  running: readonly Running[]
}

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

const NOTHING_CHOSEN: ListChoice = { row: 0, top: 0, filter: '' }

/** The screen at the start: the peers in focus, nothing filtered, nothing open. */
export const INITIAL_SCREEN: ScreenState = {
  view: 'main',
  focus: 'peers',
  overlays: [],
  peers: { row: 0, top: 0, sort: { column: 'state', descending: false }, filter: '' },
  log: { filter: '', clearedTo: 0 },
  connectionSort: { column: 'age', descending: false },
  lists: { connections: NOTHING_CHOSEN, routing: NOTHING_CHOSEN, relays: NOTHING_CHOSEN },
  running: [],
}

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

/** Where keys and a filter go: the view's list, or the focused pane. */
export function placeOf({ view, focus }: ScreenState): FilterPlace {
  return view === 'main' ? focus : view
}

/** The filter of a place; '' for none. */
export function filterOf(state: ScreenState, place: FilterPlace): string {
  return isListView(place) ? state.lists[place].filter : state[place].filter
}

/** Whether a place is a view of its own, and no pane of the main one. */
export function isListView(place: FilterPlace | View): place is ListView {
  return (LIST_VIEWS as readonly string[]).includes(place)
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
