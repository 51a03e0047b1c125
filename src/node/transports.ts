import type { Libp2p, Listener } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

/** What is used of libp2p's transport manager. */
export interface Transports {
  /** Listens on more addresses: libp2p offers that at its start only. */
  listen(addresses: Multiaddr[]): Promise<void>
  getListeners(): Listener[]
  /** Where the node listens, addresses included that libp2p does not announce. */
  getAddrs(): Multiaddr[]
}

/** libp2p's transport manager, which its types keep private; undefined where a release of it has none. */
export function transportsOf(libp2p: Libp2p): Transports | undefined {
  return (libp2p as Libp2p & { components?: { transportManager?: Transports } }).components?.transportManager
}
