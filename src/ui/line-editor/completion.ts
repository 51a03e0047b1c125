import type { SafeText } from '../../core/safe-text.ts'
import { graphemes } from '../../core/width.ts'
import { type Candidate, type LineState, type Menu, type Sources, type Step, settled } from './state.ts'
import { afterCursor, beforeCursor, buffer, textOf } from './text-buffer.ts'

/**
 * Tab. The only candidate is taken at once. Of several, what they have in common is added and the menu opens; each
 * further Tab puts the next candidate into the line, and after the last one what was typed.
 */
export function complete(state: LineState, step: Step, sources: Sources): LineState {
  const { menu } = state
  if (menu !== undefined) return choose(state, menu, menu.selected + step)
  const typed = beforeCursor(state.line)
  const { from: wanted, candidates } = sources.complete(textOf(state.line), typed.length)
  const from = Math.max(0, Math.min(wanted, typed.length))
  const [first] = candidates
  if (first === undefined) return settled(state)
  const opened: Menu = {
    candidates,
    selected: -1,
    head: typed.slice(0, from) as SafeText,
    stem: typed.slice(from) as SafeText,
    tail: afterCursor(state.line),
  }
  if (candidates.length === 1) return { ...settled(state), line: put(opened, first.value) }
  const common = commonStart(candidates)
  const stem = common.length > opened.stem.length ? common : opened.stem
  const line = put(opened, stem)
  return { ...settled(state), line, menu: { ...opened, stem: beforeCursor(line).slice(from) as SafeText } }
}

/** Closes the menu and leaves what was typed. Without a menu nothing changes. */
export function undoCompletion(state: LineState): LineState {
  if (state.menu === undefined) return state
  return { ...settled(state), line: put(state.menu, state.menu.stem) }
}

/** Goes round: the candidates, then what was typed (-1), then the candidates again. */
function choose(state: LineState, menu: Menu, wanted: number): LineState {
  const count = menu.candidates.length
  const selected = wanted >= count ? -1 : wanted < -1 ? count - 1 : wanted
  const value = menu.candidates[selected]?.value ?? menu.stem
  return { ...settled(state), line: put(menu, value), menu: { ...menu, selected } }
}

function put(menu: Menu, part: string): LineState['line'] {
  return buffer(menu.head + part, menu.tail)
}

/** Whole characters that all candidates begin with. */
function commonStart(candidates: readonly Candidate[]): string {
  const [first = [], ...others] = candidates.map(candidate => graphemes(candidate.value))
  const end = first.findIndex((cluster, place) => others.some(other => other[place] !== cluster))
  return (end < 0 ? first : first.slice(0, end)).join('')
}
