import type { Listener, PeerId } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import type { Insides } from '../../insides.ts'
import { Line } from '../../line.ts'
import { type RelayTransport, release } from './reservation-store.ts'

/** Reservations are made by listening, and end with their listener: one a relay. */
export class RelayListeners {
  readonly #transport: RelayTransport
  readonly #transportManager: Insides['transportManager']
  readonly #byRelay = new Map<string, Listener>()
  /** One at a time: the listener that comes is the one that was asked for. */
  readonly #line = new Line()

  /**
   * @param closing called before the reservation ends that a listener rests on, because somebody closes the listener
   */
  constructor(
    transport: RelayTransport,
    transportManager: Insides['transportManager'],
    closing: (relay: PeerId) => void,
  ) {
    this.#transport = transport
    this.#transportManager = transportManager
    const { reservationStore } = transport
    // Closing one listener would end the reservations of all, and tell nobody.
    reservationStore.cancelReservations = () => {}
    const create = transport.createListener.bind(transport)
    transport.createListener = options => {
      const listener = create(options)
      const close = listener.close.bind(listener)
      listener.close = async () => {
        reservationStore.removeEventListener('relay:created-reservation', listener._onAddRelayPeer)
        if (listener.relay !== undefined && reservationStore.hasReservation(listener.relay)) {
          closing(listener.relay)
          release(reservationStore, listener.relay)
        }
        await close()
      }
      return listener
    }
  }

  /**
   * Reserves at a relay, and listens there until {@link close}.
   *
   * @param address the relay's, with its Peer ID
   * @throws what libp2p throws when the relay cannot be reached or refuses
   */
  open(relay: PeerId, address: string): Promise<void> {
    return this.#line.run(() => this.#open(relay, address))
  }

  /** Ends listening through a relay. Does nothing where nobody listens. */
  async close(relay: PeerId): Promise<void> {
    const listener = this.#byRelay.get(relay.toString())
    this.#byRelay.delete(relay.toString())
    await listener?.close()
  }

  async #open(relay: PeerId, address: string): Promise<void> {
    // A relay that failed once would not be asked again.
    this.#transport.reservationStore.relayFilter.remove(relay.toMultihash().bytes)
    const before = new Set(this.#transportManager.getListeners())
    const made = (): Listener | undefined =>
      this.#transportManager.getListeners().find(listener => !before.has(listener))
    try {
      await this.#transportManager.listen([multiaddr(`${address}/p2p-circuit`)])
    } catch (error) {
      await made()?.close()
      throw error
    }
    const listener = made()
    if (listener !== undefined) this.#byRelay.set(relay.toString(), listener)
  }
}
