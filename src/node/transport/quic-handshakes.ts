import type { Listener, Transport } from '@libp2p/interface'
import type { TransportFactory } from './lazy-transport.ts'

/** A private part of the listener of `@chainsafe/libp2p-quic`, which is pinned: takes connections, one after the other. */
interface QuicListener extends Listener {
  awaitInboundConnections(): Promise<void>
}

/**
 * Has listeners of QUIC go through handshakes side by side. By itself the library takes the next one only when the one
 * before has ended: whoever sends one packet and nothing more would keep everybody out until it times out.
 *
 * @see docs/upstream/libp2p-quic-one-handshake-at-a-time.md
 * @param most so many are under way at once; the others wait in machine code, which does no work for them yet
 */
export function handshakesSideBySide(factory: TransportFactory, most: number): TransportFactory {
  return components => {
    const transport: Transport = factory(components)
    const create = transport.createListener.bind(transport)
    transport.createListener = options => {
      const listener = create(options) as QuicListener
      listener.addEventListener('listening', () => {
        // The library has begun to wait for one itself.
        for (let more = 1; more < most; more += 1) void listener.awaitInboundConnections()
      })
      return listener
    }
    return transport
  }
}
