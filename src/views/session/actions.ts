import { filterOf, placeOf } from '../../store/screen/places.ts'
import { logWindow } from '../../store/selectors/log-window.ts'
import { dialable } from '../../store/selectors/node-rows.ts'
import { paneRows } from './moving.ts'
import type { Session } from './session.ts'

/** Opens the details of what is selected in the focused pane. */
export function openDetails(session: Session): void {
  const { store } = session
  if (store.screen.view !== 'main' || store.screen.focus === 'peers') {
    const peerId = session.selected()
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
 * then the filter of the view or the focused pane, then the view makes way for the main one, then the log follows its
 * end again, then the notice goes.
 */
export function goBack(session: Session): void {
  const { store } = session
  const { view, overlays, focus, log } = store.screen
  const place = placeOf(store.screen)
  if (session.cancel()) return
  if (overlays.length > 0) store.dispatch({ type: 'overlay:close' })
  else if (filterOf(store.screen, place) !== '') store.dispatch({ type: 'filter', pane: place, filter: '' })
  else if (view !== 'main') store.dispatch({ type: 'view', view: 'main' })
  else if (focus === 'log' && (log.cursor !== undefined || log.pausedAt !== undefined)) {
    store.dispatch({ type: 'log:pause', at: undefined })
  } else store.dispatch({ type: 'notice', notice: undefined })
}

/** Opens the bar with what dials somebody through the selected relay: only whom is left to be said. */
export function dialThrough(session: Session): void {
  const peerId = session.selected()
  if (peerId === undefined) return
  const address = dialable(session.store.swarm, peerId)
  if (address !== undefined) session.bar.openCommand(`dial ${address}/p2p-circuit/p2p/`)
}

/** Holds the log still, or lets it follow its end again. */
export function togglePause({ store }: Session): void {
  const paused = store.screen.log.pausedAt !== undefined
  store.dispatch({ type: 'log:pause', at: paused ? undefined : store.log.end })
}
