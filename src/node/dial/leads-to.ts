import type { Connection } from '@libp2p/interface'
import type { Target } from './target.ts'

/**
 * Whether an open connection is one to this address. One without a Peer ID can be that of an open connection: libp2p
 * would open a second one and drop it.
 */
export function leadsToAddress(
  { remoteAddr, remotePeer, status, limits }: Connection,
  target: Target,
): boolean {
  if (!target.hasAddress || status !== 'open' || limits !== undefined) return false
  const address = remoteAddr.toString()
  const wanted = target.dial.toString()
  return address === wanted || address === `${wanted}/p2p/${remotePeer.toString()}`
}

/** Whether a connection is one to the peer of this target, or to its address where it names no peer. */
export function leadsTo(connection: Connection, target: Target): boolean {
  if (target.peerId === undefined) return leadsToAddress(connection, target)
  return connection.status === 'open' && connection.remotePeer.equals(target.peerId)
}
