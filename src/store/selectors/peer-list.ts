import { parseFilter } from '../../core/filter.ts'
import { PEER_KEYS, peerSubject } from '../../core/filter-subjects.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { Peer } from '../../core/swarm.ts'
import type { ScreenState } from '../screen/screen-state.ts'
import type { Store } from '../store.ts'
import type { SwarmState } from '../swarm/state.ts'
import { peerOrder } from './peer-order.ts'

/** The rows of the peers pane. The same value as long as nothing that it depends on has changed. */
export interface PeerList {
  /** Those that pass the filter, in order. */
  ids: readonly SafeText[]
  /** How many are connected, whether they pass or not. */
  connected: number
  /** What in the filter is likely not to do what was meant. */
  errors: readonly SafeText[]
}

type Sort = ScreenState['peers']['sort']

interface Memo {
  peers: SwarmState['peers'] | undefined
  sort: Sort
  filter: string | undefined
  passes: (peer: Peer) => boolean
  errors: readonly SafeText[]
  list: PeerList
  /** The peers of `list`. */
  rows: readonly Peer[]
  /** The row of each peer in `list`. */
  places: ReadonlyMap<string, number>
}

const memos = new WeakMap<Store, Memo>()

/** The peers as the person has chosen to see them. */
export function peerList(store: Store): PeerList {
  const { sort, filter } = store.screen.peers
  const { peers } = store.swarm
  const memo = memos.get(store) ?? newMemo()
  memos.set(store, memo)
  if (memo.peers === peers && memo.sort === sort && memo.filter === filter) return memo.list
  const afresh = memo.sort !== sort || memo.filter !== filter
  if (memo.filter !== filter) {
    const { matches, errors } = parseFilter(filter, PEER_KEYS)
    Object.assign(memo, { filter, errors, passes: filter.trim() === '' ? () => true : remembered(matches) })
  }
  Object.assign(memo, { peers, sort })
  build(memo, peers, afresh)
  return memo.list
}

/**
 * Of thousands of peers few change between two commits: those that have not stay in their order, and the others are
 * put where they belong among them.
 */
function build(memo: Memo, peers: SwarmState['peers'], afresh: boolean): void {
  const before = afresh ? [] : memo.rows
  const unchanged = new Uint8Array(before.length)
  const changed: Peer[] = []
  let connected = 0
  peers.forEach((peer, id) => {
    if (peer.presence === 'connected') connected += 1
    const place = memo.places.get(id)
    if (place !== undefined && before[place] === peer) unchanged[place] = 1
    else if (memo.passes(peer)) changed.push(peer)
  })
  const order = peerOrder(memo.sort)
  const rest = before.filter((_, place) => unchanged[place] === 1)
  memo.rows = merge(rest, changed.sort(order), order)
  const former = memo.list.ids
  const same =
    memo.rows.length === former.length && memo.rows.every((row, place) => row.peerId === former[place])
  const ids = same ? former : memo.rows.map(row => row.peerId)
  if (!same) memo.places = new Map(ids.map((id, place) => [id, place]))
  memo.list = { ids, connected, errors: memo.errors }
}

/** Two lists in order as one. Finds the place of each of the few by halving, not by looking at all of the many. */
function merge(many: readonly Peer[], few: readonly Peer[], order: (a: Peer, b: Peer) => number): Peer[] {
  const merged: Peer[] = []
  let from = 0
  for (const peer of few) {
    let low = from
    let high = many.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (order(many[middle] as Peer, peer) < 0) low = middle + 1
      else high = middle
    }
    for (; from < low; from += 1) merged.push(many[from] as Peer)
    merged.push(peer)
  }
  for (; from < many.length; from += 1) merged.push(many[from] as Peer)
  return merged
}

/** Peers are never changed in place, so what a filter said of one holds as long as that value lives. */
function remembered(matches: (subject: ReturnType<typeof peerSubject>) => boolean): Memo['passes'] {
  const known = new WeakMap<Peer, boolean>()
  return peer => {
    const before = known.get(peer)
    if (before !== undefined) return before
    const passes = matches(peerSubject(peer))
    known.set(peer, passes)
    return passes
  }
}

function newMemo(): Memo {
  return {
    peers: undefined,
    sort: { column: 'state', descending: false },
    filter: undefined,
    passes: () => true,
    errors: [],
    list: { ids: [], connected: 0, errors: [] },
    rows: [],
    places: new Map(),
  }
}
