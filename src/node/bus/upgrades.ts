import type { Connection } from '@libp2p/interface'
import { safeText } from '../../core/safe-text.ts'
import { type BusContext, idsOf } from './bus-context.ts'
import type { SafeListeners } from './listening.ts'

/** Says of a direct connection which relayed one of the same peer it takes the place of. */
export function reportUpgrades({ libp2p, emit }: BusContext, listeners: SafeListeners): void {
  listeners.on<Connection>('connection:open', connection => {
    if (!connection.direct) return
    const relayed = libp2p.getConnections(connection.remotePeer).find(({ direct }) => !direct)
    if (relayed === undefined) return
    emit({
      type: 'connection:upgraded',
      ...idsOf(connection),
      relayedConnectionId: safeText(relayed.id),
    })
  })
}
