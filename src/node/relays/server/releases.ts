import type { PeerId } from '@libp2p/interface'
import { type SafeText, safeText, say } from '../../../core/safe-text.ts'
import type { RelayContext } from '../relay-context.ts'
import type { HopServer } from './server-parts.ts'

const EXPIRED = say`it expired`
const LEFT = say`its holder disconnected`

/** Says when a reservation that was granted ends, and why. Returns what to call when a peer has no connection left. */
export function watchReleases(
  store: HopServer['reservationStore'],
  { emit }: Pick<RelayContext, 'emit'>,
): (peer: PeerId) => void {
  const { reservations } = store
  const remove = reservations.delete.bind(reservations)
  let reason: SafeText = EXPIRED
  reservations.delete = peer => {
    const removed = remove(peer)
    if (removed) emit({ type: 'relay:released', peerId: safeText(peer.toString()), reason })
    return removed
  }
  return peer => {
    const reservation = reservations.get(peer)
    if (reservation === undefined) return
    // Or its end would take away the one that this peer may have by then.
    reservation.signal.clear()
    reason = LEFT
    store.removeReservation(peer)
    reason = EXPIRED
  }
}
