/** The private parts of libp2p's relay client and server that are relied on, in one place. */
import type { PeerId } from '@libp2p/interface'
import type { PeerMap } from '@libp2p/peer-collections'
import { multiaddr } from '@multiformats/multiaddr'
import { type SafeText, safeAddress } from '../../core/safe-text.ts'

/** A reservation as libp2p's client keeps it. */
export interface HeldReservation {
  relay: PeerId
  details: {
    /** `expire` is in seconds since the epoch, `addrs` are multiaddrs as bytes. */
    reservation: { expire: bigint; addrs: Uint8Array[] }
    /** Id of the connection on which it rests. */
    connection: string
  }
}

/** `reservationStore` of libp2p's relay transport. */
export interface ClientStore {
  addEventListener(
    type: 'relay:created-reservation' | 'relay:removed',
    listener: (event: CustomEvent<HeldReservation>) => void,
  ): void
  hasReservation(relay: PeerId): boolean
  /** Makes a reservation, or renews one that expires within ten minutes. */
  addRelay(relay: PeerId, type: 'configured'): Promise<HeldReservation>
  /** Relays that failed once, which are never asked again. */
  relayFilter: { remove(bytes: Uint8Array): boolean }
}

/** Where others reach the holder of a reservation. */
export function addressesOf({ details }: HeldReservation, self: PeerId): SafeText[] {
  return details.reservation.addrs.map(bytes =>
    safeAddress(`${multiaddr(bytes).toString()}/p2p-circuit/p2p/${self.toString()}`),
  )
}

/** ms since the epoch. */
export function expiryOf({ details }: HeldReservation): number {
  return Number(details.reservation.expire) * 1000
}

/** A reservation as libp2p's server keeps it. Unlike what the protocol says, `duration` is in ms here. */
export interface GrantedReservation {
  limit?: { data?: bigint; duration?: number }
  /** Ends the reservation when it fires. */
  signal: AbortSignal & { clear(): void }
}

/** What the server answers; `expire` is in seconds since the epoch and there when it granted. */
export interface Answer {
  status: string
  expire?: number
}

/** `reservationStore` of libp2p's relay server. */
export interface ServerStore {
  reservations: PeerMap<GrantedReservation>
  reserve(peer: PeerId, ...rest: unknown[]): Answer
  removeReservation(peer: PeerId): void
}
