import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import type { PeerId } from '@libp2p/interface'
import type { RelayServerOptions } from '../../options.ts'
import { type LateService, startLate } from '../late-service.ts'
import type { RelayContext } from '../relay-context.ts'
import { Circuits } from './circuits.ts'
import { answerHops } from './hops.ts'
import { HostShares } from './host-shares.ts'
import { watchReleases } from './releases.ts'
import type { HopServer } from './server-parts.ts'

/** So many requests of one connection may wait for their answer. */
const WAITING_REQUESTS = 8

/**
 * Passes connections on for others (circuit relay v2,
 * https://github.com/libp2p/specs/blob/master/relay/circuit-v2.md), and says what it grants, refuses and relays.
 *
 * The protocol is libp2p's. The limits are ours, because libp2p's server tells them in ms where the protocol has
 * seconds, and counts both directions together where the protocol counts each. A reservation ends with the last
 * connection of its holder, as the specification has it; libp2p keeps it until it expires, so that those who left
 * would fill the relay.
 */
export async function startRelayServer(
  context: RelayContext,
  options: RelayServerOptions,
): Promise<LateService<unknown>> {
  const factory = circuitRelayServer({
    // A relayed connection is the stream of its request; the others wait for their answer.
    maxInboundHopStreams: options.circuits + WAITING_REQUESTS,
    reservations: {
      maxReservations: options.reservations,
      reservationTtl: options.reservationMs,
      applyDefaultLimit: false,
    },
  })
  let leave = (_: PeerId): void => {}
  const server = await startLate<HopServer>(context.libp2p, factory, service => {
    answerHops(service, {
      ...context,
      options,
      circuits: new Circuits(context, options),
      shares: new HostShares(context, options),
    })
    leave = watchReleases(service.reservationStore, context)
  })
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
