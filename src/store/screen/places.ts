import { type FilterPlace, LIST_VIEWS, type ListView, type ScreenState, type View } from './screen-state.ts'

/** Where keys and a filter go: the view's list, or the focused pane. */
export function placeOf({ view, focus }: ScreenState): FilterPlace {
  return view === 'main' ? focus : view
}

/** The filter of a place; '' for none. */
export function filterOf(state: ScreenState, place: FilterPlace): string {
  return isListView(place) ? state.lists[place].filter : state[place].filter
}

/** Whether a place is a view of its own, and no pane of the main one. */
export function isListView(place: FilterPlace | View): place is ListView {
  return (LIST_VIEWS as readonly string[]).includes(place)
}
