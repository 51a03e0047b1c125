import type { Connection, Libp2p } from '@libp2p/interface'
import type { Clock } from '../../core/clock.ts'
import type { NewEvent } from '../../core/events.ts'
import { type SafeText, safeText } from '../../core/safe-text.ts'

/** What every part of the swarm bus works with. */
export interface BusContext {
  libp2p: Libp2p
  clock: Clock
  emit: (event: NewEvent) => void
}

/** A connection's ids as they stand in events. */
export function idsOf(connection: Connection): { peerId: SafeText; connectionId: SafeText } {
  return { peerId: safeText(connection.remotePeer.toString()), connectionId: safeText(connection.id) }
}
