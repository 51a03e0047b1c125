import { clampTop, type Move, moved, stepOf, topFor } from '../../core/list-window.ts'
import type { Overlay, Pane } from '../../store/screen/screen-state.ts'
import { logMove } from '../../store/selectors/log-window.ts'
import { selectionOf } from '../../store/selectors/selection.ts'
import { layoutOf } from '../layout-of.ts'
import { LOG_CHROME } from '../log/log-pane.tsx'
import { overlayContent } from '../overlay/overlay-content.ts'
import { OVERLAY_CHROME } from '../overlay/overlay-pane.tsx'
import { PEERS_CHROME } from '../peers/peers-pane.tsx'
import { moveInList } from './list-moving.ts'
import type { Session } from './session.ts'

/** Moves in whatever the keys go to: the topmost overlay, the view's list, or the focused pane. */
export function move(session: Session, to: Move): void {
  const { view, overlays, focus } = session.store.screen
  const overlay = overlays.at(-1)
  if (overlay !== undefined) scrollOverlay(session, overlay, to)
  else if (view !== 'main') moveInList(session, view, to)
  else if (focus === 'peers') moveInPeers(session, to)
  else moveInLog(session, to)
}

/** How many lines of its content a pane shows. */
export function paneRows(session: Session, pane: Pane): number {
  const { panes, body } = layoutOf(session)
  const chrome = pane === 'peers' ? PEERS_CHROME : LOG_CHROME
  return Math.max(1, (panes[pane] ?? body).rows - chrome)
}

function moveInPeers(session: Session, to: Move): void {
  const { store } = session
  const { peerList } = store
  const window = { length: peerList.length, rows: paneRows(session, 'peers') }
  const row = moved(selectionOf(store)?.row ?? 0, to, window)
  const top = topFor(row, store.screen.peers.top, window)
  store.dispatch({ type: 'peers:select', peerId: peerList.at(row), row, top })
}

function moveInLog(session: Session, to: Move): void {
  const { store } = session
  const action = logMove(store.log, store.screen.log, to, paneRows(session, 'log'))
  if (action !== undefined) store.dispatch(action)
}

function scrollOverlay(session: Session, overlay: Overlay, to: Move): void {
  const { store, glyphs, clock } = session
  const { columns, rows: bodyRows } = layoutOf(session).body
  const rows = bodyRows - OVERLAY_CHROME
  const { lines } = overlayContent(store, overlay, { columns, now: clock.now(), glyphs })
  const top = clampTop(overlay.scroll, { length: lines.length, rows })
  store.dispatch({
    type: 'overlay:scroll',
    to: clampTop(top + stepOf(to, rows), { length: lines.length, rows }),
  })
}
