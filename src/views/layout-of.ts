import { type Layout, layoutFor } from './layout.ts'
import type { Session } from './session/session.ts'

/** The layout of a session's screen as it is now. */
export function layoutOf({ size, store }: Session): Layout {
  return layoutFor(size.columns, size.rows, {
    focus: store.screen.focus,
    warnings: store.swarm.warnings.size,
  })
}
