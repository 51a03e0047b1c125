import type { SafeText } from '../../core/safe-text.ts'
import type { Store } from '../store.ts'
import { peerList } from './peer-list.ts'

/** Where the selection is among the rows. */
export interface Selection {
  peerId: SafeText
  row: number
}

/**
 * The selected peer and its row. Where none was chosen it is the first; where the chosen one is gone, the peer that
 * took its place. Undefined only while no peer is listed.
 */
export function selectionOf(store: Store): Selection | undefined {
  const { ids } = peerList(store)
  const { selected, row } = store.screen.peers
  const known = selected === undefined ? -1 : rowOf(ids, selected, row)
  const found = known >= 0 ? known : Math.min(selected === undefined ? 0 : row, ids.length - 1)
  const peerId = ids[found]
  return peerId === undefined ? undefined : { peerId, row: found }
}

/** Most of the time the row has not moved, and nothing needs to be searched. */
function rowOf(ids: readonly SafeText[], peerId: SafeText, guess: number): number {
  return ids[guess] === peerId ? guess : ids.indexOf(peerId)
}
