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
  sort: Sort | undefined
  filter: string | undefined
  passes: (peer: Peer) => boolean
  errors: readonly SafeText[]
  list: PeerList
}

const memos = new WeakMap<Store, Memo>()

/** The peers as the person has chosen to see them. */
export function peerList(store: Store): PeerList {
  const { sort, filter } = store.screen.peers
  const { peers } = store.swarm
  const memo = memos.get(store) ?? newMemo()
  memos.set(store, memo)
  if (memo.peers === peers && memo.sort === sort && memo.filter === filter) return memo.list
  if (memo.filter !== filter) {
    const { matches, errors } = parseFilter(filter, PEER_KEYS)
    Object.assign(memo, { filter, errors, passes: filter.trim() === '' ? () => true : remembered(matches) })
  }
  memo.peers = peers
  memo.sort = sort
  memo.list = build(memo, peers, sort)
  return memo.list
}

/**
 * Sorts what was in order before: peers that have not moved cost one comparison each, so that thousands of them can
 * be kept in order at every commit.
 */
function build(memo: Memo, peers: SwarmState['peers'], sort: Sort): PeerList {
  const before = memo.list.ids
  const known = new Set<string>(before)
  const rows: Peer[] = []
  let connected = 0
  for (const id of before) {
    const peer = peers.get(id)
    if (peer !== undefined && memo.passes(peer)) rows.push(peer)
  }
  peers.forEach((peer, id) => {
    if (peer.presence === 'connected') connected += 1
    if (!known.has(id) && memo.passes(peer)) rows.push(peer)
  })
  rows.sort(peerOrder(sort))
  return { ids: rows.map(peer => peer.peerId), connected, errors: memo.errors }
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
    sort: undefined,
    filter: undefined,
    passes: () => true,
    errors: [],
    list: { ids: [], connected: 0, errors: [] },
  }
}
