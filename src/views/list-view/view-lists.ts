import { type Filter, parseFilter } from '../../core/filter.ts'
import { FILTER_KEYS } from '../../core/filter-subjects.ts'
import type { ListView, ScreenState } from '../../store/screen/screen-state.ts'
import type { Store } from '../../store/store.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import { connectionList } from '../connections/connection-list.ts'
import { relayList } from '../relays/relay-list.ts'
import { routingList } from '../routing/routing-list.ts'
import type { ViewList } from './view-list.ts'

const LISTS: Readonly<
  Record<ListView, (swarm: SwarmState, filter: Filter, screen: ScreenState) => ViewList>
> = {
  connections: connectionList,
  routing: routingList,
  relays: relayList,
}

/** Drawing and each key ask for the same list: it is made once for a commit. */
const made = new WeakMap<SwarmState, Map<string, ViewList>>()

/** The list that a view shows now, filtered as the person chose. */
export function viewList({ swarm, screen }: Store, view: ListView): ViewList {
  const { filter } = screen.lists[view]
  const { column, descending } = screen.connectionSort
  const lists = made.get(swarm) ?? new Map<string, ViewList>()
  made.set(swarm, lists)
  const id = `${view} ${column} ${descending} ${filter}`
  const known = lists.get(id)
  if (known !== undefined) return known
  const query = filterOf(view, filter)
  const list = { ...LISTS[view](swarm, query, screen), errors: query.errors }
  lists.set(id, list)
  return list
}

/** The filter of each view as it was read last: what it has said of rows holds until it is another one. */
const filters = new Map<ListView, { text: string; query: Filter }>()

function filterOf(view: ListView, text: string): Filter {
  const known = filters.get(view)
  if (known?.text === text) return known.query
  const query = parseFilter(text, FILTER_KEYS[view])
  filters.set(view, { text, query })
  return query
}
