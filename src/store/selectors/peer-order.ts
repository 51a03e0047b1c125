import type { SafeText } from '../../core/safe-text.ts'
import type { Peer, Presence } from '../../core/swarm.ts'
import type { PeerColumn, ScreenState } from '../screen/screen-state.ts'

/** Presences in the order in which a person cares. */
const RANK: Readonly<Record<Presence, number>> = { connected: 0, heard: 1, known: 2, expired: 3 }

/** Columns in which the greatest figure comes first, unless turned round. */
export const GREATEST_FIRST: ReadonlySet<PeerColumn> = new Set(['in', 'out'])

/** What a column is sorted by; undefined goes last, whatever the direction. */
type Key = number | string | undefined

const KEYS: Readonly<Record<PeerColumn, (peer: Peer) => Key>> = {
  state: peer => RANK[peer.presence],
  agent: peer => peer.agentVersion?.toLowerCase(),
  address: peer => peer.addresses[0],
  rtt: peer => peer.ping.lastMs,
  // The busiest and the latest first: that is what one looks for.
  in: peer => -peer.rateIn,
  out: peer => -peer.rateOut,
  heard: peer => -peer.lastSeen,
}

/**
 * Compares peers by a column. A total order, so that rows never swap without a reason: ties go by who was seen first,
 * then by Peer ID.
 */
export function peerOrder(sort: ScreenState['peers']['sort']): (a: Peer, b: Peer) => number {
  const keyOf = KEYS[sort.column]
  const sign = sort.descending ? -1 : 1
  return (a, b) => byKey(keyOf(a), keyOf(b), sign) || a.firstSeen - b.firstSeen || byText(a.peerId, b.peerId)
}

function byKey(a: Key, b: Key, sign: number): number {
  if (a === b) return 0
  if (a === undefined) return 1
  if (b === undefined) return -1
  return a < b ? -sign : sign
}

function byText(a: SafeText, b: SafeText): number {
  return a < b ? -1 : a > b ? 1 : 0
}
