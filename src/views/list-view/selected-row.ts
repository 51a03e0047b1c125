import type { ListView } from '../../store/screen/screen-state.ts'
import type { Store } from '../../store/store.ts'
import type { Rows } from './rows.ts'
import type { ViewRow } from './view-list.ts'
import { viewList } from './view-lists.ts'

/** The selected row of a view and its index; undefined while the view is empty. */
export function selectedRow(store: Store, view: ListView): (ViewRow & { index: number }) | undefined {
  const { rows } = viewList(store, view)
  const index = indexOfSelected(rows, store.screen.lists[view])
  const row = rows.at(index)
  return row === undefined ? undefined : { ...row, index }
}

/**
 * Where nothing was chosen, the first row; where what was chosen is gone, the row that took its place. -1 for an empty
 * view.
 */
function indexOfSelected(rows: Rows, choice: { selected?: string; row: number }): number {
  if (choice.selected === undefined) return nearestRow(rows, 0, 1)
  // Mostly it is where it was.
  const known = rows.at(choice.row)?.id === choice.selected ? choice.row : rows.placeOf(choice.selected)
  if (known >= 0) return known
  return nearestRow(rows, Math.min(choice.row, rows.length - 1), 1)
}

/** The index of the first row from `place` on, or else before it, that can be selected; -1: there is none. */
export function nearestRow(rows: Rows, place: number, step: 1 | -1): number {
  const ahead = nextRow(rows, place, step)
  return ahead >= 0 ? ahead : nextRow(rows, place, step === 1 ? -1 : 1)
}

function nextRow(rows: Rows, from: number, step: number): number {
  for (let place = from; place >= 0 && place < rows.length; place += step) {
    if (rows.at(place)?.skipped !== true) return place
  }
  return -1
}
