import type { SafeText } from '../../core/safe-text.ts'
import type { Store } from '../store.ts'

/** Where the selection is among the rows. */
export interface Selection {
  peerId: SafeText
  row: number
}

/**
 * The selected peer and its row. Where none was chosen it is the first; where the chosen one is gone, the peer that
 * took its place. Undefined only while no peer is listed.
 */
export function selectionOf({ peerList, screen }: Store): Selection | undefined {
  const { selected, row } = screen.peers
  const known = selected === undefined ? -1 : peerList.indexOf(selected)
  const found = known >= 0 ? known : Math.min(selected === undefined ? 0 : row, peerList.length - 1)
  const peerId = peerList.at(found)
  return peerId === undefined ? undefined : { peerId, row: found }
}
