import type { Listener } from '@libp2p/interface'
import type { TransportFactory } from './lazy-transport.ts'

/**
 * Handshakes that a QUIC listener takes part in at once. The library gives one up after 10 s without a packet, and takes
 * part in one at a time: a stranger who sends it the first packet of a handshake every 10 s keeps everyone else out.
 *
 * @see docs/upstream/libp2p-quic-one-handshake-at-a-time.md
 */
const QUIC_HANDSHAKES = 512

/** What a listener of QUIC is made of: QuicListener of @chainsafe/libp2p-quic 2.1. */
interface QuicListener extends Listener {
  /** Waits for one connection after the other and hands it on, until the listener is closed. */
  awaitInboundConnections(): Promise<void>
}

/** QUIC whose listeners wait for many connections at once, each until its handshake is over. */
export function withManyHandshakes(quic: TransportFactory): TransportFactory {
  return components => {
    const transport = quic(components)
    const create = transport.createListener.bind(transport)
    transport.createListener = options => {
      const listener = create(options) as QuicListener
      const wait = listener.awaitInboundConnections.bind(listener)
      listener.awaitInboundConnections = async () => {
        await Promise.all(Array.from({ length: QUIC_HANDSHAKES }, wait))
      }
      return listener
    }
    return transport
  }
}
