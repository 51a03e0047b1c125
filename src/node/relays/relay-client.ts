import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import type { Listener, PeerId, Transport } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import type { Cancel } from '../../core/clock.ts'
import { RequestFailed } from '../../core/failure.ts'
import type { Result } from '../../core/requests.ts'
import { type SafeText, safeAddress, safeText, say } from '../../core/safe-text.ts'
import type { DialRequest } from '../dial/dialer.ts'
import { parsePeerId } from '../dial/target.ts'
import { explain } from '../errors/explain.ts'
import { insidesOf, type LateService, startLate } from './late-service.ts'
import { relayWords } from './relay-words.ts'
import type { RelayContext } from './relays.ts'
import { addressesOf, type ClientStore, expiryOf, type HeldReservation } from './reservation-store.ts'

/** libp2p renews five minutes before the end, but never sooner than after this: what is shorter is renewed here, in ms. */
const LIBP2P_RENEWS_AFTER_MS = 30_000
/** Lines in which libp2p tells why a reservation could not be made or renewed. */
const FAILED_LINE = 'could not reserve slot on %p after %dms - %e'

type RelayTransport = Transport & { reservationStore: ClientStore }

/** Reservations at relays (circuit relay v2): made, renewed, lost. Dialing through relays works once there is one. */
export class RelayClient {
  readonly #context: RelayContext
  readonly #transport: LateService<RelayTransport>
  readonly #store: ClientStore
  readonly #held = new Map<string, HeldReservation>()
  readonly #renewals = new Map<string, Cancel>()
  /** Why libp2p could not reserve or renew, by relay. */
  readonly #errors = new Map<string, unknown>()
  /** Listens on nothing, since its relay refused. To close it would end all reservations: the next relay gets it. */
  #spare: Listener | undefined
  #stopping = false

  /** Adds the relay transport to a running node. */
  static async start(context: RelayContext): Promise<RelayClient> {
    const { libp2p } = context
    const transport = await startLate<RelayTransport>(libp2p, circuitRelayTransport(), transport =>
      insidesOf(libp2p).transportManager.add(transport),
    )
    return new RelayClient(context, transport)
  }

  private constructor(context: RelayContext, transport: LateService<RelayTransport>) {
    this.#context = context
    this.#transport = transport
    this.#store = transport.service.reservationStore
    this.#store.addEventListener('relay:created-reservation', ({ detail }) => this.#reserved(detail))
    this.#store.addEventListener('relay:removed', ({ detail }) => this.#removed(detail))
    context.libp2p.addEventListener('transport:close', () => this.#lookAfterClose())
    context.logTap.on(FAILED_LINE, ([relay, , error]) => this.#errors.set(String(relay), error))
  }

  /**
   * Connects to a relay, reserves there and listens through it. A reservation that stands already is told again.
   *
   * @param target the relay: a multiaddr, with or without /p2p-circuit at its end, or a Peer ID
   * @throws {RequestFailed}, after `relay:failed`
   */
  async reserve(target: string, request: DialRequest): Promise<Result<'reserve'>> {
    const words = relayWords(target)
    try {
      const { peerId, address } = await this.#context.dial(words, request)
      const held = this.#held.get(peerId)
      return this.#result(held ?? (await this.#reserveAt(peerId, address)))
    } catch (error) {
      const failure = explain(error, { stage: 'protocol' })
      this.#context.emit({ type: 'relay:failed', ...whom(words), ...failure, requestId: request.requestId })
      throw error instanceof RequestFailed ? error : new RequestFailed(failure, { cause: error })
    }
  }

  /** Whether a reservation stands there. */
  holds(relay: string): boolean {
    return this.#held.has(relay)
  }

  /** Ends the transport, and with it all reservations. */
  async stop(): Promise<void> {
    this.#stopping = true
    for (const cancel of this.#renewals.values()) cancel()
    await this.#transport.stop()
  }

  async #reserveAt(peerId: string, address: string): Promise<HeldReservation> {
    const id = parsePeerId(peerId) as PeerId
    this.#errors.delete(peerId)
    this.#store.relayFilter.remove(id.toMultihash().bytes)
    await this.#listen(`${address.split('/p2p/')[0]}/p2p/${peerId}/p2p-circuit`).catch(error => {
      throw this.#errors.get(peerId) ?? error
    })
    const held = this.#held.get(peerId)
    if (held === undefined) throw new Error('The relay made no reservation')
    return held
  }

  async #listen(address: string): Promise<void> {
    const { transportManager } = insidesOf(this.#context.libp2p)
    const spare = this.#spare
    this.#spare = undefined
    const before = new Set(transportManager.getListeners())
    try {
      await (spare === undefined
        ? transportManager.listen([multiaddr(address)])
        : spare.listen(multiaddr(address)))
    } catch (error) {
      this.#spare = spare ?? transportManager.getListeners().find(listener => !before.has(listener))
      throw error
    }
  }

  #reserved(held: HeldReservation): void {
    const relay = held.relay.toString()
    const { clock, emit, libp2p } = this.#context
    const renewed = this.#held.has(relay)
    this.#held.set(relay, held)
    this.#errors.delete(relay)
    const expiresAt = expiryOf(held)
    emit({
      type: 'relay:reserved',
      peerId: safeText(relay),
      addresses: addressesOf(held, libp2p.peerId),
      expiresAt,
      renewed,
    })
    this.#renewals.get(relay)?.()
    const leftMs = expiresAt - clock.now()
    if (leftMs > LIBP2P_RENEWS_AFTER_MS) return
    // A failure is logged by libp2p, which then removes the reservation: see #removed.
    const renew = () => void this.#store.addRelay(held.relay, 'configured').catch(() => undefined)
    this.#renewals.set(relay, clock.after(leftMs / 2, renew))
  }

  #removed({ relay, details }: HeldReservation): void {
    const peerId = safeText(relay.toString())
    this.#renewals.get(peerId)?.()
    this.#renewals.delete(peerId)
    if (!this.#held.delete(peerId) || this.#stopping) return
    const open = this.#context.libp2p
      .getConnections(relay)
      .some(({ id, status }) => id === details.connection && status === 'open')
    this.#context.emit({ type: 'relay:lost', peerId, reason: this.#reason(peerId, open) })
    this.#context.lost(
      peerId,
      safeAddress(addressesOf({ relay, details }, relay)[0]?.split('/p2p-circuit')[0]),
    )
  }

  /** A listener through a relay ends all reservations with its own, and no event tells so. */
  #lookAfterClose(): void {
    if (this.#stopping) return
    for (const { relay } of [...this.#held.values()]) {
      if (this.#store.hasReservation(relay)) continue
      const peerId = safeText(relay.toString())
      this.#held.delete(peerId)
      this.#renewals.get(peerId)?.()
      this.#context.emit({
        type: 'relay:lost',
        peerId,
        reason: say`listening through a relay was ended here`,
      })
    }
  }

  #reason(peerId: string, open: boolean): SafeText {
    const error = this.#errors.get(peerId)
    if (!open || error === undefined) return say`the connection to it ended`
    return say`it was not renewed: ${explain(error, { stage: 'protocol' }).cause}`
  }

  #result(held: HeldReservation): Result<'reserve'> {
    return {
      peerId: safeText(held.relay.toString()),
      addresses: addressesOf(held, this.#context.libp2p.peerId),
      expiresAt: expiryOf(held),
    }
  }
}

function whom(words: string): { address?: SafeText; peerId?: SafeText } {
  const peerId = parsePeerId(words.split('/p2p/').at(-1) ?? '')
  return {
    ...(words.startsWith('/') ? { address: safeAddress(words) } : {}),
    ...(peerId === undefined ? {} : { peerId: safeText(peerId.toString()) }),
  }
}
