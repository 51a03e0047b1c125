import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import type { PeerId } from '@libp2p/interface'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { RelayServerOptions } from '../options.ts'
import { type LateService, startLate } from './late-service.ts'
import type { RelayContext } from './relays.ts'
import type { GrantedReservation, ServerStore } from './reservation-store.ts'

const EXPIRED = say`it expired`
const LEFT = say`its holder disconnected`

/**
 * Passes connections on for others (circuit relay v2), and says what it grants, refuses and ends.
 *
 * libp2p keeps a reservation until it expires. Here it ends with the last connection of its holder, as the
 * specification has it, so that those who left do not fill the relay.
 */
export async function startRelayServer(
  context: RelayContext,
  { reservations, reservationMs, connectionBytes, connectionMs }: RelayServerOptions,
): Promise<LateService<unknown>> {
  let leave = (_: PeerId): void => {}
  const factory = circuitRelayServer({
    reservations: {
      maxReservations: reservations,
      reservationTtl: reservationMs,
      defaultDataLimit: BigInt(connectionBytes),
      defaultDurationLimit: connectionMs,
    },
  })
  const server = await startLate<{ reservationStore: ServerStore }>(
    context.libp2p,
    factory,
    ({ reservationStore }) => {
      leave = watchStore(reservationStore, context, reservations)
    },
  )
  const disconnected = ({ detail }: CustomEvent<PeerId>): void => leave(detail)
  context.libp2p.addEventListener('peer:disconnect', disconnected)
  return {
    service: server.service,
    stop: async () => {
      context.libp2p.removeEventListener('peer:disconnect', disconnected)
      await server.stop()
    },
  }
}

/** libp2p's server has no events: what it decides is seen where it does. Returns what to call when a peer left. */
function watchStore(store: ServerStore, { emit }: RelayContext, most: number): (peer: PeerId) => void {
  const { reservations } = store
  const reserve = store.reserve.bind(store)
  let reason: SafeText = EXPIRED
  store.reserve = (peer, ...rest) => {
    const renewed = reservations.has(peer)
    const answer = reserve(peer, ...rest)
    const peerId = safeText(peer.toString())
    if (answer.expire === undefined) {
      emit({ type: 'relay:refused', peerId, reason: say`all ${most} reservations are taken` })
    } else {
      emit({
        type: 'relay:granted',
        peerId,
        expiresAt: answer.expire * 1000,
        renewed,
        ...limitsOf(reservations.get(peer)),
      })
    }
    return answer
  }
  const remove = reservations.delete.bind(reservations)
  reservations.delete = peer => {
    const removed = remove(peer)
    if (removed) emit({ type: 'relay:released', peerId: safeText(peer.toString()), reason })
    return removed
  }
  return peer => {
    const reservation = reservations.get(peer)
    if (reservation === undefined) return
    // Or its end would take away the one that this peer may have by then.
    reservation.signal.clear()
    reason = LEFT
    store.removeReservation(peer)
    reason = EXPIRED
  }
}

function limitsOf(reservation: GrantedReservation | undefined): { limitBytes?: number; limitMs?: number } {
  const { data, duration } = reservation?.limit ?? {}
  return {
    ...(data === undefined ? {} : { limitBytes: Number(data) }),
    ...(duration === undefined ? {} : { limitMs: duration }),
  }
}
