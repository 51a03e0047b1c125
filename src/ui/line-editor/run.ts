import type { SafeText } from '../../core/safe-text.ts'
import { editLine, hasSomethingToCancel, lineOf } from './edit-line.ts'
import type { Action, LineState, Sources } from './state.ts'

/** The line after a row of actions, and whether it was entered or left. */
export interface Outcome {
  state: LineState
  /** The line that was entered, without blanks around it; may be empty. */
  submitted?: SafeText
  /** Esc was pressed with nothing to cancel. */
  left?: true
}

/** What a row of actions does, up to the one that enters the line or leaves it. */
export function runActions(start: LineState, actions: readonly Action[], sources: Sources): Outcome {
  let state = start
  for (const action of actions) {
    if (action.type === 'escape' && !hasSomethingToCancel(state)) return { state, left: true }
    const line = lineOf(state).trim() as SafeText
    state = editLine(state, action, sources)
    if (action.type === 'submit') return { state, submitted: line }
  }
  return { state }
}
