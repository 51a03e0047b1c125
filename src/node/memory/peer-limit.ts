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

/** Whom it is a pity to lose. */
interface Worth {
  /** Whether a person has plans with a peer: it stays. */
  isWanted?(peerId: SafeText): boolean
  /** Whether a peer has proved where it is: it goes after all others. Anybody can make up the others. */
  isProven?(peerId: SafeText): boolean
}

/**
 * The peers to forget once there are more than `most`: those of whom nothing was seen for longest, never one that is
 * connected or wanted. Empty while there is room.
 */
export function peersToForget(
  state: SwarmState,
  most = MAX_PEERS,
  { isWanted = no, isProven = no }: Worth = {},
): SafeText[] {
  if (state.peers.size <= most) return []
  const count = Math.ceil(most * SHARE_FORGOTTEN)
  return [...state.peers.values()]
    .filter((peer: Peer) => peer.connectionIds.length === 0 && !isWanted(peer.peerId))
    .map(({ peerId, lastSeen }) => ({ peerId, lastSeen, proven: Number(isProven(peerId)) }))
    .sort((a, b) => a.proven - b.proven || a.lastSeen - b.lastSeen)
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
  { most, mostText, isProven = no }: Pick<Worth, 'isProven'> & { most: number; mostText: number },
): SafeText[] {
  if (weights.total <= mostText) return []
  let tooMuch = weights.total - mostText * (1 - SHARE_FORGOTTEN)
  const wordy = weights.above(mostText / most).map(([peerId, weight]) => ({
    peerId,
    weight,
    seenAt: peers.get(peerId)?.lastSeen ?? 0,
    proven: Number(isProven(peerId)),
  }))
  const out: SafeText[] = []
  for (const { peerId, weight } of wordy.sort((a, b) => a.proven - b.proven || a.seenAt - b.seenAt)) {
    if (tooMuch <= 0) break
    out.push(peerId)
    tooMuch -= weight
  }
  return out
}

function no(): boolean {
  return false
}

/** The event that forgets a peer. */
export function forgotten(peerId: SafeText): NewEvent<'peer:forgotten'> {
  return { type: 'peer:forgotten', peerId }
}
