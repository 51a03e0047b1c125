import type { Connection, IdentifyResult, Libp2p } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { SharedPort } from '../../transport/shared-port.ts'
import { isPlainTcp, isPublic, withoutPeer } from './public-addresses.ts'

/** What our router makes of the port that we dial from. */
export type PortMapping =
  /** Peers outside see the very port: there is no router, or one that leaves ports alone. */
  | 'kept'
  /** They see another. */
  | 'changed'
  /** Each sees another: a symmetric NAT. */
  | 'varies'
  /** Nobody has told. */
  | 'unknown'

/**
 * Where peers outside see the port that we dial from, as they tell in identify. These are no addresses to announce,
 * since nobody listens there; two sides that dial each other at the same moment meet there all the same.
 *
 * Only peers that we have dialed are believed: those who come to us could name any address.
 */
export class ObservedAddresses {
  readonly #sharedPort: SharedPort
  readonly #told = new Map<Connection, Multiaddr>()

  constructor(libp2p: Libp2p, sharedPort: SharedPort) {
    this.#sharedPort = sharedPort
    libp2p.addEventListener('peer:identify', ({ detail }) => this.#identified(detail))
    libp2p.addEventListener('connection:close', ({ detail }) => this.#told.delete(detail))
  }

  /** Each once, of connections that are open and come from the port that is dialed from now. */
  list(): Multiaddr[] {
    const open = [...this.#told].filter(
      ([connection]) => connection.status === 'open' && this.#sharedPort.carries(connection),
    )
    return withoutPeer(open.map(([, address]) => address))
  }

  /** How the ports that are seen compare with the one that we dial from. */
  mapping(): PortMapping {
    const places = this.list().map(address => address.getComponents().map(({ value }) => value))
    const hosts = new Set(places.map(([host]) => host))
    if (places.length === 0) return 'unknown'
    if (places.length > hosts.size) return 'varies'
    return places.every(([, port]) => Number(port) === this.#sharedPort.current) ? 'kept' : 'changed'
  }

  #identified({ connection, observedAddr }: IdentifyResult): void {
    if (connection === undefined || observedAddr === undefined || !connection.direct) return
    if (isPublic(observedAddr) && isPlainTcp(observedAddr)) this.#told.set(connection, observedAddr)
  }
}
