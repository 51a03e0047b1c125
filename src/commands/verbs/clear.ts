import type { Command } from '../command.ts'
import { screenOf } from '../screen.ts'

/** Hides what the log shows so far; the events themselves stay in the store. */
export const clear: Command = {
  verb: 'clear',
  summary: 'empties the log on the screen',
  params: [],
  examples: ['clear'],
  where: 'screen',
  async run(_, context) {
    const screen = screenOf(context)
    screen.dispatch({ type: 'log:clear', to: screen.logEnd() })
  },
}
