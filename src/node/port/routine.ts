/** What a node goes on saying while nothing happens. */
import type { NodeEvent, NodeEventType } from '../../core/events.ts'
import type { SwarmState } from '../../store/swarm/state.ts'

const ROUTINE: ReadonlySet<NodeEventType> = new Set([
  'traffic:sampled',
  'limits:sampled',
  'peer:refreshed',
  'peer:updated',
  'ping:succeeded',
  'ping:answered',
  'stream:opened',
  'stream:closed',
  'circuit:measured',
])

/**
 * True for what a connected node says all the time: figures, and pings that went well. What somebody asked for is not
 * routine, neither the pings of a peer that a person keeps pinging.
 */
export function isRoutine(event: NodeEvent, state: Pick<SwarmState, 'peers'>): boolean {
  if (!ROUTINE.has(event.type) || event.requestId !== undefined) return false
  return event.type !== 'ping:succeeded' || state.peers.get(event.peerId)?.pingIntervalMs === undefined
}
