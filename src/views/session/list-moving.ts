import { type Move, moved, topFor } from '../../core/list-window.ts'
import type { ListView } from '../../store/screen/screen-state.ts'
import { layoutOf } from '../layout-of.ts'
import { listChrome } from '../list-view/list-pane.tsx'
import { nearestRow, selectedRow } from '../list-view/selected-row.ts'
import { viewList } from '../list-view/view-lists.ts'
import type { Session } from './session.ts'

/** Moves the selection of a view, over what cannot be selected. */
export function moveInList(session: Session, view: ListView, to: Move): void {
  const { store } = session
  const list = viewList(store, view)
  const window = { length: list.rows.length, rows: layoutOf(session).body.rows - listChrome(list) }
  const from = selectedRow(store, view)?.index ?? 0
  const place = moved(from, to, window)
  const index = nearestRow(list.rows, place, place < from ? -1 : 1)
  const row = list.rows.at(index)
  if (row === undefined) return
  const top = topFor(index, store.screen.lists[view].top, window)
  store.dispatch({ type: 'list:select', view, id: row.id, row: index, top })
}

/** From the first key on the selection stays on its row. */
export function holdListSelection({ store }: Session, view: ListView): void {
  const { selected, top } = store.screen.lists[view]
  const row = selectedRow(store, view)
  if (selected !== undefined || row === undefined) return
  store.dispatch({ type: 'list:select', view, id: row.id, row: row.index, top })
}
