import type { NewEvent } from '../../core/events.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { Peer } from '../../core/swarm.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { PeerWeights } from './peer-weights.ts'

/** Peers that are remembered. Identities are free to make, so there has to be an end. */
export const MAX_PEERS = 25_000
/** So much text is remembered of all peers that are not connected, in UTF-16 units: what they say is their choice. */
export const MAX_TEXT = 64 * 1024 * 1024
/** How many, or how much, is forgotten at once, so that looking for the oldest is rare. */
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

/**
 * The peers to forget once there is more text than `mostText`, so that it fits again: only those of whom there is more
 * than their share of it, so that whoever fills the memory forgets its own, the longest unseen first. Empty while there
 * is room.
 *
 * @param weights of those that may be forgotten
 */
export function wordyPeers(
  { peers }: SwarmState,
  weights: PeerWeights,
  { most, mostText }: { most: number; mostText: number },
): SafeText[] {
  if (weights.total <= mostText) return []
  let tooMuch = weights.total - mostText * (1 - SHARE_FORGOTTEN)
  const seenAt = (peerId: SafeText): number => peers.get(peerId)?.lastSeen ?? 0
  const out: SafeText[] = []
  for (const [peerId, weight] of weights.above(mostText / most).sort(([a], [b]) => seenAt(a) - seenAt(b))) {
    if (tooMuch <= 0) break
    out.push(peerId)
    tooMuch -= weight
  }
  return out
}

/** The event that forgets a peer. */
export function forgotten(peerId: SafeText): NewEvent<'peer:forgotten'> {
  return { type: 'peer:forgotten', peerId }
}
