/** Keys as data: from it come what a key does, the line of keys that work right now, help and docs. */

/**
 * A key as the screen names it: what it types (`d`, `P`, `:`), or `space`, `enter`, `escape`, `tab`, `shift+tab`, `up`,
 * `down`, `left`, `right`, `pageup`, `pagedown`, `home`, `end`, `backspace`, `delete`; with `ctrl+` before a letter.
 */
export type KeyName = string

/** Where a list has the keys: a pane of the main view, or a view of its own. */
type Place = 'peers' | 'log' | 'connections' | 'routing' | 'relays'

/** Panes, views and overlays in which a key works; `any` where no text is being typed. */
type KeyContext = 'any' | Place | 'peer' | 'event' | 'help'

/** What must hold of the selected peer for a key to do its work. */
type KeyCondition = 'selected' | 'connected' | 'disconnected' | 'pinging' | 'kept'

/** What a key does that is no command: it has no line to type. */
export type KeyAction =
  | 'focus:next'
  | 'focus:previous'
  | 'move:up'
  | 'move:down'
  | 'move:pageUp'
  | 'move:pageDown'
  | 'move:first'
  | 'move:last'
  | 'open'
  | 'back'
  | 'bar'
  | 'filter'
  | 'pause'
  | 'redraw'
  | 'view:main'
  | 'view:connections'
  | 'view:routing'
  | 'view:relays'
  | 'dial:through'

interface KeyFace {
  keys: readonly KeyName[]
  where: readonly KeyContext[]
  /** Absent: always. Where it does not hold the key means what the next binding says. */
  when?: KeyCondition
  /** What the key line says: one or two words. */
  label: string
  /** Lower comes first on the key line; absent: only in help. */
  rank?: number
  /** Ends or deletes something. */
  dangerous?: boolean
}

/** A key that runs a command. */
export interface KeyBinding extends KeyFace {
  /** The command line that the key stands for; `@` is the selected peer. Ends in a blank: opens the bar with it. */
  line: string
  /** Set: the line waits in the bar for Enter, which does this to the selected peer. */
  asks?: string
}

/** A key that does something to the screen itself. */
export interface ActionBinding extends KeyFace {
  action: KeyAction
}

/** What a key does: types a command line, or acts on the screen. */
export type Binding = KeyBinding | ActionBinding

/** What decides which keys work right now. */
export interface KeySituation {
  /** Where the person is: the topmost overlay, or the focused pane. */
  context: Exclude<KeyContext, 'any'>
  /** The peer that `@` means, if there is one. */
  selected?: 'connected' | 'disconnected'
  /** It is being pinged again and again, as somebody asked. */
  pinging?: boolean
  /** Its connection is kept, as somebody asked. */
  kept?: boolean
}

const PANES = ['peers', 'log'] as const
const VIEWS = ['connections', 'routing', 'relays'] as const
const LISTS = [...PANES, ...VIEWS] as const

/** Where a row stands for a peer that commands can act on. */
export const PEER_PLACES = ['peers', 'peer', ...VIEWS] as const

/** The keys that are no commands. */
export const ACTION_KEYS: readonly ActionBinding[] = [
  { keys: ['tab'], where: ['peers'], label: 'to log', action: 'focus:next', rank: 55 },
  { keys: ['tab'], where: ['log'], label: 'to peers', action: 'focus:next', rank: 55 },
  { keys: ['shift+tab'], where: PANES, label: 'other pane', action: 'focus:previous' },
  { keys: ['up', 'k'], where: ['any'], label: 'up', action: 'move:up' },
  { keys: ['down', 'j'], where: ['any'], label: 'down', action: 'move:down' },
  { keys: ['pageup'], where: ['any'], label: 'page up', action: 'move:pageUp' },
  { keys: ['pagedown'], where: ['any'], label: 'page down', action: 'move:pageDown' },
  { keys: ['home', 'g'], where: ['any'], label: 'first', action: 'move:first' },
  { keys: ['end', 'G'], where: ['any'], label: 'last', action: 'move:last' },
  {
    keys: ['enter'],
    where: ['peers', ...VIEWS],
    when: 'selected',
    label: 'details',
    action: 'open',
    rank: 15,
  },
  { keys: ['enter'], where: ['log'], label: 'details', action: 'open', rank: 6 },
  { keys: ['escape'], where: ['any'], label: 'back', action: 'back' },
  { keys: [':'], where: ['any'], label: 'command', action: 'bar', rank: 50 },
  { keys: ['/'], where: LISTS, label: 'filter', action: 'filter', rank: 45 },
  { keys: ['space'], where: ['log'], label: 'pause', action: 'pause', rank: 5 },
  { keys: ['space'], where: ['peers'], label: 'pause log', action: 'pause', rank: 65 },
  // The line of keys has a part of its own for these.
  { keys: ['1'], where: ['any'], label: 'peers and log', action: 'view:main' },
  { keys: ['2'], where: ['any'], label: 'connections', action: 'view:connections' },
  { keys: ['3'], where: ['any'], label: 'routing', action: 'view:routing' },
  { keys: ['4'], where: ['any'], label: 'relays', action: 'view:relays' },
  {
    keys: ['t'],
    where: ['relays'],
    when: 'selected',
    label: 'dial through…',
    action: 'dial:through',
    rank: 11,
  },
  { keys: ['ctrl+l'], where: ['any'], label: 'draw the screen anew', action: 'redraw' },
]

/** What a key does in a situation; undefined: nothing. A binding of the very place goes before one for any place. */
export function bindingFor(
  key: KeyName,
  situation: KeySituation,
  bindings: readonly Binding[],
): Binding | undefined {
  const candidates = bindings.filter(binding => binding.keys.includes(key) && works(binding, situation))
  return candidates.find(binding => !binding.where.includes('any')) ?? candidates[0]
}

/** What the key line shows: the bindings that have a rank and do something right now, the most important first. */
export function keyLine(situation: KeySituation, bindings: readonly Binding[]): Binding[] {
  return bindings
    .filter(binding => binding.rank !== undefined)
    .filter(binding => binding.keys.some(key => bindingFor(key, situation, bindings) === binding))
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
}

/** Whether a key means this where the person is, whatever is selected. */
export function inPlace({ where }: Binding, { context }: KeySituation): boolean {
  return where.includes('any') || where.includes(context)
}

function works(binding: Binding, situation: KeySituation): boolean {
  const { when } = binding
  const { selected, pinging, kept } = situation
  if (!inPlace(binding, situation)) return false
  if (when === undefined) return true
  if (when === 'pinging') return pinging === true
  if (when === 'kept') return kept === true
  return when === 'selected' ? selected !== undefined : selected === when
}
