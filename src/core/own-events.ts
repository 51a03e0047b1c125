/** Which events are never lost to a flood of others. */
import type { NodeEvent, NodeEventType } from './events.ts'

/**
 * What comes often, or whenever others like: a crowd can make as many of these as it wants. Whatever is not here is
 * rare, or was asked for.
 */
const COMMON: ReadonlySet<NodeEventType> = new Set([
  'traffic:sampled',
  'limits:sampled',
  'limit:exceeded',
  'connection:opened',
  'connection:closed',
  'connection:upgraded',
  'connection:pruned',
  'connection:refused',
  'stream:opened',
  'stream:closed',
  'stream:refused',
  'peer:discovered',
  'peer:refreshed',
  'peer:expired',
  'peer:identified',
  'peer:unidentified',
  'peer:updated',
  'peer:forgotten',
  'ping:succeeded',
  'ping:failed',
  'ping:answered',
  'routing:added',
  'routing:removed',
  'routing:refreshed',
  'relay:granted',
  'relay:refused',
  'relay:released',
  'circuit:opened',
  'circuit:measured',
  'circuit:closed',
  'circuit:refused',
  'punch:started',
  'punch:tried',
  'punch:succeeded',
  'punch:failed',
  'autonat:answered',
  'address:learned',
  'address:lost',
])

/** What the ids of dials begin with that the node makes because somebody was heard. */
export const AUTO_DIAL = 'auto'
const AUTO_DIAL_ID = new RegExp(`^${AUTO_DIAL}\\d+$`)

/**
 * Whether an event is the operator's own (asked for, or what came of that) or rare, such as a warning or the start of
 * the node. Such an event has a place of its own wherever events wait or are kept.
 */
export function isOwn(event: NodeEvent): boolean {
  const { type, requestId } = event
  if (requestId !== undefined) return !AUTO_DIAL_ID.test(requestId)
  if (type === 'connection:opened') return event.direction === 'outbound'
  return !COMMON.has(type)
}
