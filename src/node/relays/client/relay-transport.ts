import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import type { Connection, PeerId } from '@libp2p/interface'
import { insidesOf } from '../../insides.ts'
import { Referrals } from '../../scope/referrals.ts'
import { type LateService, startLate } from '../late-service.ts'
import type { RelayContext } from '../relay-context.ts'
import { boundReservations, type RelayTransport } from './reservation-store.ts'

/** A StopMessage of type STATUS that says PERMISSION_DENIED, after its length. */
const DENIED = Uint8Array.of(5, 0x08, 1, 0x20, 0xca, 0x01)

/** Adds libp2p's relay transport to a running node, such that it does nothing that nobody asked for. */
export function startRelayTransport({
  libp2p,
  exceeded,
}: Pick<RelayContext, 'libp2p' | 'exceeded'>): Promise<LateService<RelayTransport>> {
  const { transportManager } = insidesOf(libp2p)
  const connectionsTo = (relay: PeerId): Connection[] => libp2p.getConnections(relay)
  return startLate<RelayTransport>(libp2p, circuitRelayTransport(), transport => {
    transportManager.add(transport)
    refuseOthers(transport)
    boundReservations(transport.reservationStore, connectionsTo, new Referrals({ connectionsTo, exceeded }))
    // It would ask each relay that we meet first, in vain, and whoever wants one of them then gets its refusal.
    transport.discovery = undefined
  })
}

/**
 * Takes connections from relays only where we hold a reservation: libp2p would take those of any, and reserve there
 * unasked. So it also counts that a person listens there no longer, which the protocol cannot tell the relay.
 */
function refuseOthers(transport: RelayTransport): void {
  const take = transport.onStop
  transport.onStop = async (stream, connection) => {
    if (transport.reservationStore.hasReservation(connection.remotePeer)) {
      return await take(stream, connection)
    }
    stream.send(DENIED)
    await stream.close()
  }
}
