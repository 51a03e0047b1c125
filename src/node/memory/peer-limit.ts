import type { NewEvent } from '../../core/events.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { Peer } from '../../core/swarm.ts'
import type { SwarmState } from '../../store/swarm/state.ts'

/** Peers that are remembered. Identities are free to make, so there has to be an end. */
export const MAX_PEERS = 25_000
/** How many are forgotten at once, so that looking for the oldest is rare. */
const SHARE_FORGOTTEN = 0.1

/**
 * The peers to forget once there are more than `most`: those of whom nothing was seen for longest, never one that is
 * connected or wanted. Empty while there is room.
 */
export function peersToForget(
  state: SwarmState,
  most = MAX_PEERS,
  isWanted: (peerId: SafeText) => boolean = () => false,
): SafeText[] {
  if (state.peers.size <= most) return []
  const count = Math.ceil(most * SHARE_FORGOTTEN)
  return [...state.peers.values()]
    .filter((peer: Peer) => peer.connectionIds.length === 0 && !isWanted(peer.peerId))
    .sort((a, b) => a.lastSeen - b.lastSeen)
    .slice(0, count)
    .map(peer => peer.peerId)
}

/** The event that forgets a peer. */
export function forgotten(peerId: SafeText): NewEvent<'peer:forgotten'> {
  return { type: 'peer:forgotten', peerId }
}
