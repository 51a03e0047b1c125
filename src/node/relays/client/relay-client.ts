import type { PeerId, Stream, Transport } from '@libp2p/interface'
import { RequestFailed } from '../../../core/failure.ts'
import type { Result } from '../../../core/requests.ts'
import { type SafeText, safeAddress, safeText, say } from '../../../core/safe-text.ts'
import type { DialRequest } from '../../dial/dialer.ts'
import { parsePeerId } from '../../dial/target.ts'
import { explain } from '../../errors/explain.ts'
import { insidesOf } from '../../insides.ts'
import type { ByteObserver } from '../../taps/traffic-tap.ts'
import type { LateService } from '../late-service.ts'
import type { RelayContext } from '../relay-context.ts'
import { relayWords } from '../relay-words.ts'
import { whom } from '../whom.ts'
import { HeldReservations } from './held-reservations.ts'
import { reservationLimits } from './hop-answers.ts'
import { identified } from './identified.ts'
import { RelayListeners } from './relay-listeners.ts'
import { startRelayTransport } from './relay-transport.ts'
import type { HeldReservation, RelayTransport } from './reservation-store.ts'

/** Lines in which libp2p tells why a reservation could not be made or renewed. */
const FAILED_LINE = 'could not reserve slot on %p after %dms - %e'

/** Reservations at relays (circuit relay v2): made, renewed, lost. Dialing through relays works once there is one. */
export class RelayClient {
  readonly #context: RelayContext
  readonly #transport: LateService<RelayTransport>
  readonly #listeners: RelayListeners
  readonly #held: HeldReservations
  /** Why libp2p could not reserve or renew, by relay. */
  readonly #errors = new Map<string, unknown>()
  /** Why reservations are about to end, where a person wants it so; by relay. */
  readonly #endings = new Map<string, SafeText>()
  #stopping = false

  /** Adds the relay transport to a running node. */
  static async start(context: RelayContext): Promise<RelayClient> {
    return new RelayClient(context, await startRelayTransport(context))
  }

  private constructor(context: RelayContext, transport: LateService<RelayTransport>) {
    const { reservationStore } = transport.service
    this.#context = context
    this.#transport = transport
    this.#held = new HeldReservations(context, reservationStore)
    this.#listeners = new RelayListeners(
      transport.service,
      insidesOf(context.libp2p).transportManager,
      relay => this.ending(relay.toString(), say`You listen there no longer`),
    )
    reservationStore.addEventListener('relay:created-reservation', ({ detail }) => this.#reserved(detail))
    reservationStore.addEventListener('relay:removed', ({ detail }) => this.#removed(detail))
    context.logTap.on(FAILED_LINE, ([relay, , error]) => this.#errors.set(String(relay), error))
  }

  /** Dials an address that leads through a relay. */
  get dial(): Transport['dial'] {
    return (address, options) => this.#transport.service.dial(address, options)
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
      if (!this.holds(peerId)) await this.#reserveAt(parsePeerId(peerId) as PeerId, address, request)
      const told = this.#held.tell(peerId)
      if (told === undefined) throw new Error('The relay made no reservation')
      return told
    } catch (error) {
      const failure = explain(error, { stage: 'protocol' })
      this.#context.emit({ type: 'relay:failed', ...whom(words), ...failure, requestId: request.requestId })
      throw error instanceof RequestFailed ? error : new RequestFailed(failure, { cause: error })
    }
  }

  /** Whether a reservation stands there. */
  holds(relay: string): boolean {
    return this.#held.tell(relay) !== undefined
  }

  /** How many reservations stand. */
  get held(): number {
    return this.#held.size
  }

  /** Says beforehand why a reservation is about to end: nobody is to ask for it again. */
  ending(relay: string, reason: SafeText): void {
    if (this.holds(relay)) this.#endings.set(relay, reason)
  }

  /** Called for each stream that opens: reads what relays answer about their limits. */
  streamOpened(stream: Stream): ByteObserver[] {
    return reservationLimits(stream, limit => {
      const { libp2p } = this.#context
      const relay = libp2p.getConnections().find(({ streams }) => streams.includes(stream))?.remotePeer
      if (relay !== undefined) this.#held.limited(relay.toString(), limit)
    })
  }

  /** Ends the transport, and with it all reservations. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#held.stop()
    await this.#transport.stop()
  }

  async #reserveAt(relay: PeerId, address: string, { signal }: DialRequest): Promise<void> {
    const key = relay.toString()
    this.#errors.delete(key)
    this.#endings.delete(key)
    await identified(relay, this.#context)
    await this.#listeners.open(relay, `${address.split('/p2p/')[0]}/p2p/${key}`).catch(error => {
      throw this.#errors.get(key) ?? error
    })
    if (!signal.aborted) return
    // libp2p cannot be stopped on the way: what nobody waits for any more is given up.
    this.ending(key, say`It was called off`)
    await this.#listeners.close(relay)
    signal.throwIfAborted()
  }

  #reserved(made: HeldReservation): void {
    this.#errors.delete(made.relay.toString())
    this.#held.add(made)
  }

  #removed({ relay, details }: HeldReservation): void {
    const peerId = safeText(relay.toString())
    const told = this.#held.tell(peerId)
    this.#held.delete(relay)
    if (told === undefined || this.#stopping) return
    // The listener tells of its addresses first.
    queueMicrotask(() => void this.#listeners.close(relay))
    const ending = this.#endings.get(peerId)
    this.#endings.delete(peerId)
    this.#context.emit({
      type: 'relay:lost',
      peerId,
      reason: ending ?? this.#whyLost(relay, details.connection),
    })
    if (ending === undefined) {
      this.#context.lost(safeAddress(told.addresses[0]?.split('/p2p-circuit')[0]))
    }
  }

  #whyLost(relay: PeerId, connectionId: string): SafeText {
    const open = this.#context.libp2p
      .getConnections(relay)
      .some(({ id, status }) => id === connectionId && status === 'open')
    const error = this.#errors.get(relay.toString())
    if (!open || error === undefined) return say`the connection to it ended`
    return say`it was not renewed: ${explain(error, { stage: 'protocol' }).cause}`
  }
}
