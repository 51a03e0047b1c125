/** The private parts of libp2p's relay client that are relied on, in one place. */
import type {
  Connection,
  CreateListenerOptions,
  Listener,
  PeerId,
  Stream,
  Transport,
} from '@libp2p/interface'
import type { PeerMap } from '@libp2p/peer-collections'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { type SafeText, safeAddress } from '../../../core/safe-text.ts'
import { isBookable } from '../../memory/bookable.ts'
import type { Referrals } from '../../scope/referrals.ts'

/** A reservation as libp2p's client keeps it. */
export interface HeldReservation {
  relay: PeerId
  details: {
    /** `expire` is in seconds since the epoch, `addrs` are multiaddrs as bytes. */
    reservation: { expire: bigint; addrs: Uint8Array[] }
    /** Id of the connection on which it rests. */
    connection: string
    /** Renews it. */
    timeout: ReturnType<typeof setTimeout>
  }
}

type StoreEvent = 'relay:created-reservation' | 'relay:removed'

/** `reservationStore` of libp2p's relay transport. */
export interface ClientStore {
  addEventListener(type: StoreEvent, listener: (event: CustomEvent<HeldReservation>) => void): void
  removeEventListener(type: StoreEvent, listener: (event: CustomEvent<HeldReservation>) => void): void
  dispatchEvent(event: Event): boolean
  reservations: PeerMap<HeldReservation['details']>
  hasReservation(relay: PeerId): boolean
  /** Makes a reservation, or renews one that expires within ten minutes. */
  addRelay(relay: PeerId, type: 'configured'): Promise<HeldReservation>
  /** Ends all reservations; called by each listener when it is closed. */
  cancelReservations(): void
  /** Relays that failed once, which are never asked again. */
  relayFilter: { remove(bytes: Uint8Array): boolean }
}

/** libp2p's relay transport. */
export interface RelayTransport extends Transport {
  /** Finds relays, where one listens on /p2p-circuit alone. */
  discovery: unknown
  reservationStore: ClientStore
  createListener(options: CreateListenerOptions): RelayListener
  /** Called when a relay passes a connection on to us. */
  onStop(stream: Stream, connection: Connection): Promise<void>
}

/** A listener of libp2p's relay transport. */
export interface RelayListener extends Listener {
  /** Absent: it never got its reservation. */
  relay?: PeerId
  /** Takes the addresses of a new reservation of its relay; libp2p leaves it in place when the listener is closed. */
  _onAddRelayPeer(event: CustomEvent<HeldReservation>): void
}

/** Ends one reservation on this side; the protocol has no way to tell the relay. Does nothing where there is none. */
export function release(store: ClientStore, relay: PeerId): void {
  const details = store.reservations.get(relay)
  if (details === undefined) return
  clearTimeout(details.timeout)
  store.reservations.delete(relay)
  store.dispatchEvent(new CustomEvent('relay:removed', { detail: { relay, details } }))
}

/** So many addresses of a relay are listened on, and told others, at the most: how many it names is its own choice. */
const MOST_ADDRESSES = 16

/**
 * Sees that no reservation holds more addresses than {@link MOST_ADDRESSES}, nor any that is malformed or that the relay
 * may not name: they are told to others, and dialed when the relay is lost. The one that we reached it at comes first.
 * Where the relay has dialed us, libp2p puts the port there that it dialed from: nobody listens on that, so it goes.
 *
 * @param connectionsTo the open connections to a peer
 */
export function boundReservations(
  { reservations }: Pick<ClientStore, 'reservations'>,
  connectionsTo: (relay: PeerId) => readonly Pick<Connection, 'id' | 'direction' | 'remoteAddr'>[],
  referrals: Pick<Referrals, 'of'>,
): void {
  const set = reservations.set.bind(reservations)
  reservations.set = (relay, details) => {
    const over = connectionsTo(relay).find(({ id }) => id === details.connection)
    const { reservation } = details
    const ours = (address: Multiaddr): boolean => over?.remoteAddr.equals(address) === true
    const all = readable(reservation.addrs)
    const theirs = referrals.of(
      relay,
      all.filter(address => !ours(address)),
    )
    const reachedAt = over?.direction === 'inbound' ? [] : all.filter(ours)
    reservation.addrs = [...reachedAt, ...theirs].slice(0, MOST_ADDRESSES).map(({ bytes }) => bytes)
    set(relay, details)
  }
}

/** Those that are addresses and may be told on: a relay may send anything. */
function readable(addresses: readonly Uint8Array[]): Multiaddr[] {
  return addresses.flatMap(bytes => {
    try {
      const address = multiaddr(bytes)
      return isBookable(address) ? [address] : []
    } catch {
      return []
    }
  })
}

/** Where others reach the holder of a reservation. */
export function addressesOf({ details }: HeldReservation, self: PeerId): SafeText[] {
  return details.reservation.addrs.map(bytes =>
    safeAddress(`${multiaddr(bytes).toString()}/p2p-circuit/p2p/${self.toString()}`),
  )
}

/** The latest moment that a `Date` can hold, in ms since the epoch. */
const LAST_DATE_MS = 8.64e15

/** ms since the epoch. */
export function expiryOf({ details }: HeldReservation): number {
  return Math.min(Number(details.reservation.expire) * 1000, LAST_DATE_MS)
}
