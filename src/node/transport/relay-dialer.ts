import { type Listener, serviceCapabilities, type Transport, transportSymbol } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

/**
 * A transport that dials addresses through relays, and listens nowhere. libp2p has it from its start, so that whoever
 * dials finds a transport for such addresses: a person, the DHT, what keeps a connection. What does the work is loaded
 * by the first dial.
 */
export function relayDialer(dial: Transport['dial']): () => Transport {
  return () => ({
    [transportSymbol]: true,
    [serviceCapabilities]: ['@libp2p/transport'],
    [Symbol.toStringTag]: 'relay-dialer',
    dialFilter: addresses => addresses.filter(address => leadsThroughRelay(address)),
    listenFilter: () => [],
    createListener: (): Listener => {
      throw new Error('Only dialed')
    },
    dial,
  })
}

/** Whether it ends in /p2p-circuit/p2p/...: what names more after that is for another transport, such as WebRTC. */
function leadsThroughRelay(address: Multiaddr): boolean {
  const [circuit, peer] = address.getComponents().slice(-2)
  return circuit?.name === 'p2p-circuit' && peer?.name === 'p2p'
}
