/** What Ink says of a key press, as names of keys. Pure. */
import type { Key } from 'ink'
import type { KeyName } from '../commands/keys.ts'
import { graphemes } from '../core/width.ts'

/** What Ink's `useInput` hands over: a text and flags. */
export type InkKey = Partial<Key>

const NAMED: readonly [keyof Key, KeyName][] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
]

const TYPED: Readonly<Record<string, KeyName>> = {
  ' ': 'space',
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
}

/** One key, and what came after it in the same read from the terminal. */
export interface KeyPress {
  name: KeyName
  rest: string
}

/**
 * The keys of one Ink event, in order. Over a slow line several keys arrive in one: `jjj` is three. What no binding
 * could name (Alt and a letter, a released key) gives nothing.
 */
export function keyPresses(input: string, key: InkKey): KeyPress[] {
  const named = namedKey(input, key)
  if (named !== undefined) return named === '' ? [] : [{ name: named, rest: '' }]
  let rest = input
  return graphemes(input).flatMap(typed => {
    rest = rest.slice(typed.length)
    const name = TYPED[typed] ?? (isControl(typed) ? undefined : typed)
    return name === undefined ? [] : [{ name, rest }]
  })
}

/** The key that Ink has recognised; '' when no binding could name it; undefined for text. */
function namedKey(input: string, key: InkKey): KeyName | undefined {
  if (key.eventType === 'release') return ''
  if (key.tab) return key.shift ? 'shift+tab' : 'tab'
  const named = NAMED.find(([flag]) => key[flag] === true)
  if (named !== undefined) return key.ctrl || key.meta ? '' : named[1]
  if (key.meta) return ''
  if (key.ctrl) return input === '' ? '' : `ctrl+${input.toLowerCase()}`
  return undefined
}

const LABELS: Readonly<Record<string, string>> = {
  space: 'Space',
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  'shift+tab': 'Shift-Tab',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  backspace: 'Backspace',
  delete: 'Delete',
}

/** What is printed on a key, for people: `Esc`, `Ctrl-C`, `d`. */
export function keyLabel(key: KeyName): string {
  if (key.startsWith('ctrl+')) return `Ctrl-${key.slice(5).toUpperCase()}`
  return LABELS[key] ?? key
}

function isControl(text: string): boolean {
  const code = text.charCodeAt(0)
  return code < 32 || code === 127
}
