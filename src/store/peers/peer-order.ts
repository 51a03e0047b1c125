import type { SafeText } from '../../core/safe-text.ts'
import type { Order } from '../../core/sorted-list.ts'
import type { Peer, Presence } from '../../core/swarm.ts'
import type { PeerColumn } from '../screen/screen-state.ts'
import { flowOf } from '../swarm/traffic-figures.ts'

/** Presences in the order in which a person cares. */
const RANK: Readonly<Record<Presence, number>> = { connected: 0, heard: 1, known: 2, expired: 3 }

/** Columns in which the greatest figure comes first, unless turned round. */
export const GREATEST_FIRST: ReadonlySet<PeerColumn> = new Set(['in', 'out'])

/** What a column is sorted by; undefined goes last, whatever the direction. */
export type SortKey = number | string | undefined

/** What a peer is sorted by in each column. */
export const SORT_KEYS: Readonly<Record<PeerColumn, (peer: Peer) => SortKey>> = {
  state: peer => RANK[peer.presence],
  agent: peer => peer.agentVersion?.toLowerCase(),
  address: peer => peer.addresses[0],
  rtt: peer => peer.ping.lastMs,
  // The busiest and the latest first: that is what one looks for.
  in: peer => -flowOf(peer.rateIn),
  out: peer => -flowOf(peer.rateOut),
  heard: peer => -peer.lastSeen,
}

/** All that decides where a peer stands. */
export interface Sortable {
  key: SortKey
  /** Ms since the epoch. */
  firstSeen: number
  peerId: SafeText
}

/**
 * Compares by the key. A total order, so that rows never swap without a reason: ties go by who was seen first, then by
 * Peer ID.
 */
export function orderByKey({ descending }: { descending: boolean }): Order<Sortable> {
  const sign = descending ? -1 : 1
  return (a, b) => byKey(a.key, b.key, sign) || byAge(a, b)
}

function byKey(a: SortKey, b: SortKey, sign: number): number {
  if (a === b) return 0
  if (a === undefined) return 1
  if (b === undefined) return -1
  return a < b ? -sign : sign
}

function byAge(a: Sortable, b: Sortable): number {
  return a.firstSeen - b.firstSeen || (a.peerId < b.peerId ? -1 : a.peerId > b.peerId ? 1 : 0)
}
