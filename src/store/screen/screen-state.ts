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
