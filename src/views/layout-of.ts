import { warningsOf } from '../store/selectors/node-rows.ts'
import { type Layout, layoutFor } from './layout.ts'
import type { Session } from './session/session.ts'
import { rowsWanted } from './status-line/warning-rows.ts'

/** The layout of a session's screen as it is now. */
export function layoutOf({ size, store }: Session): Layout {
  return layoutFor(size.columns, size.rows, {
    focus: store.screen.focus,
    warnings: rowsWanted(warningsOf(store.swarm), size.columns),
  })
}
