import type { Libp2p, Listener } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { type Insides, insidesOf } from './insides.ts'

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
  return (insidesOf(libp2p) as Partial<Insides> | undefined)?.transportManager
}
