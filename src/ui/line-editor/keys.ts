/** Which key does what. */
import type { Key } from 'ink'
import type { Action } from './state.ts'

const SUBMIT: Action = { type: 'submit' }
const COMPLETE: Action = { type: 'complete', step: 1 }
const BACKSPACE: Action = { type: 'delete', to: 'left' }
const ESCAPE: Action = { type: 'escape' }
const KILL_WORD_LEFT: Action = { type: 'kill', to: 'wordLeft' }
const KILL_WORD_RIGHT: Action = { type: 'kill', to: 'wordRight' }
const WORD_LEFT: Action = { type: 'move', to: 'wordLeft' }
const WORD_RIGHT: Action = { type: 'move', to: 'wordRight' }

/** Ctrl and a letter, as in readline. */
const CTRL = new Map<string, Action>([
  ['a', { type: 'move', to: 'start' }],
  ['b', { type: 'move', to: 'left' }],
  ['d', { type: 'delete', to: 'right' }],
  ['e', { type: 'move', to: 'end' }],
  ['f', { type: 'move', to: 'right' }],
  ['g', ESCAPE],
  ['h', BACKSPACE],
  ['i', COMPLETE],
  ['j', SUBMIT],
  ['k', { type: 'kill', to: 'end' }],
  ['m', SUBMIT],
  ['n', { type: 'history', step: 1 }],
  ['p', { type: 'history', step: -1 }],
  ['r', { type: 'search' }],
  ['u', { type: 'kill', to: 'start' }],
  ['w', { type: 'kill', to: 'blankLeft' }],
  ['y', { type: 'yank' }],
])

const ALT = new Map<string, Action>([
  ['b', WORD_LEFT],
  ['d', KILL_WORD_RIGHT],
  ['f', WORD_RIGHT],
])

/**
 * What terminals answer to questions, and what is left of a mouse report that arrived in two halves. Ink hands these
 * on without their ESC, as if they had been typed.
 */
const ANSWERS = [
  // Colours (OSC 4, 10, 11): 11;rgb:1e1e/1e1e/1e1e
  /\]?\d{1,3};(?:\d{1,3};)?rgba?:[\da-f/]+\p{Cc}?/giu,
  // Any other OSC that ends as one does.
  /^\]?\d{1,4};\P{Cc}*(?![\r\n\t])\p{Cc}/gu,
  // The terminal's version, its settings and capabilities (XTVERSION, DECRQSS, XTGETTCAP).
  /^P?(?:>\|\S+|[01][+$]r\S*)$/g,
  /^\[<[\d;]*[Mm]?$/g,
  /^\d*;\d+(?:;\d+)?[Mm]$/g,
  // An 8-bit control sequence: the byte that starts it and what belongs to it.
  /\x9b[0-?]*[ -/]*[@-~]?/g,
]

/** A read from the terminal up to its first Enter, and what was typed after that. */
export function untilEnter(input: string): { line: string; rest: string } {
  const end = /\r\n?|\n/u.exec(input)
  const length = end === null ? input.length : end.index + end[0].length
  return { line: input.slice(0, length), rest: input.slice(length) }
}

/**
 * The actions for one event of Ink's useInput, in order. One event may be a whole read from the terminal: "dial x\r"
 * types and submits. What is neither text nor a known key does nothing.
 */
export function keyToActions(input: string, key: Partial<Key>): Action[] {
  if (key.eventType === 'release' || key.super || key.hyper) return []
  const named = namedKey(key)
  if (named !== undefined) return [named]
  if (key.ctrl) return known(CTRL.get(input))
  if (key.meta) return known(ALT.get(input.toLowerCase()))
  return textToActions(input)
}

function namedKey(key: Partial<Key>): Action | undefined {
  const byWord = key.ctrl || key.meta
  if (key.return) return SUBMIT
  if (key.tab) return { type: 'complete', step: key.shift ? -1 : 1 }
  if (key.escape) return ESCAPE
  if (key.backspace) return byWord ? KILL_WORD_LEFT : BACKSPACE
  if (key.delete) return byWord ? KILL_WORD_RIGHT : { type: 'delete', to: 'right' }
  if (key.leftArrow) return byWord ? WORD_LEFT : { type: 'move', to: 'left' }
  if (key.rightArrow) return byWord ? WORD_RIGHT : { type: 'move', to: 'right' }
  if (key.home) return { type: 'move', to: 'start' }
  if (key.end) return { type: 'move', to: 'end' }
  if (key.upArrow) return { type: 'history', step: -1 }
  if (key.downArrow) return { type: 'history', step: 1 }
  return undefined
}

/** Typed text with the control characters in it, which are keys that arrived in the same read. */
function textToActions(input: string): Action[] {
  const typed = ANSWERS.reduce((text, answer) => text.replace(answer, ''), input)
  return typed
    .replaceAll('\r\n', '\r')
    .split(/(\p{Cc})/u)
    .flatMap(part => (isControl(part) ? known(controlAction(part)) : typing(part)))
}

function controlAction(character: string): Action | undefined {
  if (character === '\x7f') return BACKSPACE
  return CTRL.get(String.fromCharCode(character.charCodeAt(0) + 0x60))
}

function isControl(part: string): boolean {
  return /^\p{Cc}$/u.test(part)
}

function typing(text: string): Action[] {
  return text === '' ? [] : [{ type: 'insert', text }]
}

function known(action: Action | undefined): Action[] {
  return action === undefined ? [] : [action]
}
