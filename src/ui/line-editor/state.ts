import type { History } from '../../core/history.ts'
import type { SafeText } from '../../core/safe-text.ts'
import { bufferOf, type TextBuffer } from './text-buffer.ts'

/** What can be done to the line; keys.ts says which key does what. */
export type Action =
  | { type: 'insert'; text: string }
  | { type: 'paste'; text: string }
  | { type: 'move'; to: Place }
  /** Deletes from the cursor to a place, for good. */
  | { type: 'delete'; to: 'left' | 'right' }
  /** Deletes from the cursor to a place; `yank` brings it back. */
  | { type: 'kill'; to: Exclude<Place, 'left' | 'right'> | 'blankLeft' }
  | { type: 'yank' }
  | { type: 'history'; step: Step }
  /** Starts a search through the history, or goes on to the next older match. */
  | { type: 'search' }
  | { type: 'complete'; step: Step }
  | { type: 'escape' }
  | { type: 'submit' }

/** Where the cursor is moved to. */
export type Place = 'left' | 'right' | 'wordLeft' | 'wordRight' | 'start' | 'end'
/** 1: to the next candidate, to the newer line. -1: the other way. */
export type Step = 1 | -1

/** One way to complete the part before the cursor. */
export interface Candidate {
  /** What stands in the line once it is chosen; with a blank at its end if the next word may follow. */
  value: string
  /** A word on what it is. */
  note?: SafeText
}

/** What could stand before the cursor. */
export interface Completion {
  /** Where in the line (UTF-16 units) the part begins that a candidate replaces, up to the cursor. */
  from: number
  candidates: readonly Candidate[]
}

/** What the editor asks the outside for. Pure functions of their arguments, called for each key. */
export interface Sources {
  /** Lines entered before, oldest first. */
  history: History
  /** `cursor` in UTF-16 units. */
  complete(line: SafeText, cursor: number): Completion
}

/** A walk through the history. */
export interface Browsing {
  /** Place in the history. */
  at: number
  /** What stood in the line before; only lines that begin with it are visited. */
  draft: SafeText
}

/** A search back through the history. */
export interface Search {
  query: SafeText
  /** Place in the history of the line that is shown; undefined while nothing matches. */
  at: number | undefined
  /** The line before the search, for Esc. */
  before: TextBuffer
}

/** The candidates of a completion that is being chosen from. */
export interface Menu {
  candidates: readonly Candidate[]
  /** The candidate that stands in the line; -1: none yet. */
  selected: number
  /** The line around the part that candidates replace, and that part as it was typed. */
  head: SafeText
  stem: SafeText
  tail: SafeText
}

/** All there is to a line being edited; edit-line.ts makes the next state from it. */
export interface LineState {
  readonly line: TextBuffer
  /** What the last kills took; kills in a row add up. */
  readonly killed: SafeText
  readonly killing: boolean
  /** At most one of these three. */
  readonly browsing?: Browsing | undefined
  readonly search?: Search | undefined
  readonly menu?: Menu | undefined
  /** What a person should know about the last action; gone with the next one. */
  readonly note?: SafeText | undefined
}

/** A line to begin with, the cursor at its end. */
export function startWith(text = ''): LineState {
  return { line: bufferOf(text), killed: '' as SafeText, killing: false }
}

/** The state without what the next ordinary action ends: menu, walk, search, note, a row of kills. */
export function settled({ line, killed }: LineState): LineState {
  return { line, killed, killing: false }
}
