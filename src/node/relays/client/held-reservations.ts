import type { PeerId } from '@libp2p/interface'
import type { Cancel } from '../../../core/clock.ts'
import type { Result } from '../../../core/requests.ts'
import { safeText } from '../../../core/safe-text.ts'
import { durationMs } from '../limit-duration.ts'
import type { RelayContext } from '../relay-context.ts'
import type { ToldLimit } from './hop-answers.ts'
import { addressesOf, type ClientStore, expiryOf, type HeldReservation } from './reservation-store.ts'

/** libp2p renews five minutes before the end, but never sooner than after this: what is shorter is renewed here, in ms. */
const LIBP2P_RENEWS_AFTER_MS = 30_000
/** However short it is, a relay is not asked more often than this, in ms. */
const LEAST_PAUSE_MS = 1_000

/**
 * Marks the relay for libp2p as one whose connection is not to be pruned. Its own mark would also have it dial the
 * relay in the next run, where nobody may have asked for that.
 */
const OUR_TAG = { p2pTuiRelay: { value: 50 } }
const LIBP2P_TAG = 'keep-alive-circuit-relay'

interface Entry {
  reservation: HeldReservation
  cancelRenewal: Cancel
}

/** The reservations that stand: tells of each that is made or renewed, with its limits, and renews the short ones. */
export class HeldReservations {
  readonly #context: RelayContext
  readonly #store: ClientStore
  readonly #byRelay = new Map<string, Entry>()
  /** What relays said last, by relay. */
  readonly #limits = new Map<string, ToldLimit>()

  constructor(context: RelayContext, store: ClientStore) {
    this.#context = context
    this.#store = store
  }

  /** How many there are. */
  get size(): number {
    return this.#byRelay.size
  }

  /** Called when a relay tells its limits, which is before {@link add}. */
  limited(relay: string, limit: ToldLimit): void {
    this.#limits.set(relay, limit)
  }

  /** What is told of a reservation; undefined: there is none at that relay. */
  tell(relay: string): Result<'reserve'> | undefined {
    const entry = this.#byRelay.get(relay)
    if (entry === undefined) return undefined
    const { libp2p, agentOf } = this.#context
    const { duration, data } = this.#limits.get(relay) ?? {}
    return {
      peerId: safeText(relay),
      addresses: addressesOf(entry.reservation, libp2p.peerId),
      expiresAt: expiryOf(entry.reservation),
      ...(data === undefined ? {} : { limitBytes: data }),
      ...(duration === undefined ? {} : { limitMs: durationMs(duration, agentOf(relay)) }),
    }
  }

  /** One was made, or renewed. */
  add(reservation: HeldReservation): void {
    const relay = reservation.relay.toString()
    const before = this.#byRelay.get(relay)
    before?.cancelRenewal()
    this.#byRelay.set(relay, { reservation, cancelRenewal: this.#renewInTime(reservation) })
    this.#tag(reservation.relay, OUR_TAG)
    const told = this.tell(relay)
    if (told !== undefined) {
      this.#context.emit({ type: 'relay:reserved', ...told, renewed: before !== undefined })
    }
  }

  /** One is gone. */
  delete(relay: PeerId): void {
    this.#byRelay.get(relay.toString())?.cancelRenewal()
    this.#byRelay.delete(relay.toString())
    this.#limits.delete(relay.toString())
    this.#tag(relay, { p2pTuiRelay: undefined })
  }

  stop(): void {
    for (const { cancelRenewal } of this.#byRelay.values()) cancelRenewal()
  }

  #renewInTime(reservation: HeldReservation): Cancel {
    const { clock } = this.#context
    const leftMs = expiryOf(reservation) - clock.now()
    if (leftMs > LIBP2P_RENEWS_AFTER_MS) return () => {}
    // A failure is logged by libp2p, which then removes the reservation.
    return clock.after(Math.max(leftMs / 2, LEAST_PAUSE_MS), () => {
      this.#store.addRelay(reservation.relay, 'configured').catch(() => undefined)
    })
  }

  #tag(relay: PeerId, tags: Record<string, { value: number } | undefined>): void {
    const { peerStore } = this.#context.libp2p
    // The mark is worth nothing beyond this run: where it cannot be written, nothing is lost.
    peerStore.merge(relay, { tags: { ...tags, [LIBP2P_TAG]: undefined } }).catch(() => undefined)
  }
}
