import type { SafeText } from '../../core/safe-text.ts'
import { editLine, hasSomethingToCancel, lineOf } from './edit-line.ts'
import type { Action, LineState, Sources } from './state.ts'

export interface Outcome {
  state: LineState
  /** Lines that were entered, in order; blank ones are not. */
  submitted: SafeText[]
  /** Esc was pressed with nothing to cancel. */
  left: boolean
}

/** What a row of actions does: one read from the terminal may hold several lines. */
export function runActions(start: LineState, actions: readonly Action[], sources: Sources): Outcome {
  let state = start
  const submitted: SafeText[] = []
  for (const action of actions) {
    if (action.type === 'escape' && !hasSomethingToCancel(state)) return { state, submitted, left: true }
    if (action.type === 'submit') {
      const line = lineOf(state).trim() as SafeText
      if (line !== '') submitted.push(line)
    }
    state = editLine(state, action, sources)
  }
  return { state, submitted, left: false }
}
