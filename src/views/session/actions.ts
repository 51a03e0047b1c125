import { logWindow } from '../../store/selectors/log-window.ts'
import { selectionOf } from '../../store/selectors/selection.ts'
import { paneRows } from './moving.ts'
import type { Session } from './session.ts'

/** Opens the details of what is selected in the focused pane. */
export function openDetails(session: Session): void {
  const { store } = session
  if (store.screen.focus === 'peers') {
    const peerId = selectionOf(store)?.peerId
    if (peerId !== undefined) {
      store.dispatch({ type: 'overlay:open', overlay: { kind: 'peer', peerId, scroll: 0 } })
    }
    return
  }
  const { cursor } = logWindow(store.log, store.screen.log, paneRows(session, 'log'))
  const entry = cursor === undefined ? undefined : store.log.at(cursor)
  if (entry?.kind !== 'event') return
  store.dispatch({ type: 'overlay:open', overlay: { kind: 'event', seq: entry.event.seq, scroll: 0 } })
}

/**
 * Esc: backs out of one thing at a time. A command under way is cancelled first, then what lies over the panes goes,
 * then the focused pane's filter, then the log follows its end again, then the notice goes.
 */
export function goBack(session: Session): void {
  const { store } = session
  const { overlays, focus, log } = store.screen
  if (session.cancel()) return
  if (overlays.length > 0) store.dispatch({ type: 'overlay:close' })
  else if (store.screen[focus].filter !== '') store.dispatch({ type: 'filter', pane: focus, filter: '' })
  else if (focus === 'log' && (log.cursor !== undefined || log.pausedAt !== undefined)) {
    store.dispatch({ type: 'log:pause', at: undefined })
  } else store.dispatch({ type: 'notice', notice: undefined })
}

/** Holds the log still, or lets it follow its end again. */
export function togglePause({ store }: Session): void {
  const paused = store.screen.log.pausedAt !== undefined
  store.dispatch({ type: 'log:pause', at: paused ? undefined : store.log.end })
}
