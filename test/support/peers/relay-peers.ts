/** Relays and holders of reservations that are not ours: libp2p's own packages. */
import { type CircuitRelayService, circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import type { ConnectionGater, Libp2p } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { onTestFinished } from 'vitest'
import { startPeer, stopPeers } from './peer.ts'

/** A HopMessage of type RESERVE, after its length. */
const RESERVE = Uint8Array.of(2, 0x08, 0x00)

/** libp2p's relay; stopped after the test. */
export async function startStockRelay(
  limits: { duration?: number; data?: bigint } = {},
  options: { agentVersion?: string; gater?: ConnectionGater } = {},
): Promise<Libp2p<{ relay: CircuitRelayService }>> {
  const relay = circuitRelayServer({
    reservations: {
      ...(limits.duration === undefined ? {} : { defaultDurationLimit: limits.duration }),
      ...(limits.data === undefined ? {} : { defaultDataLimit: limits.data }),
    },
  })
  const peer = await startPeer({ ...options, services: { relay } })
  onTestFinished(() => stopPeers([peer]))
  return peer as never
}

/** libp2p's relay client; stopped after the test. */
export async function startStockClient(): Promise<Libp2p> {
  const peer = await startPeer({ listen: [], transports: [circuitRelayTransport()] })
  onTestFinished(() => stopPeers([peer]))
  return peer
}

/** Asks a relay for a reservation, and does nothing more about it: neither renews it nor takes connections. */
export async function reserveOnce(peer: Libp2p, relay: string): Promise<void> {
  const stream = await peer.dialProtocol(multiaddr(relay), '/libp2p/circuit/relay/0.2.0/hop')
  const answered = new Promise(resolve => stream.addEventListener('message', resolve, { once: true }))
  stream.send(RESERVE)
  await answered
}
