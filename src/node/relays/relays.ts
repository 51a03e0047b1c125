import type { Stream, Transport } from '@libp2p/interface'
import type { NewEvent } from '../../core/events.ts'
import type { Result } from '../../core/requests.ts'
import { say } from '../../core/safe-text.ts'
import type { DialRequest } from '../dial/dialer.ts'
import { parsePeerId } from '../dial/target.ts'
import type { RelayServerOptions } from '../options.ts'
import type { ByteObserver } from '../taps/traffic-tap.ts'
import { AutoRelay } from './auto-relay.ts'
import type { RelayClient } from './client/relay-client.ts'
import type { PunchContext } from './punch/punch-context.ts'
import type { RelayContext } from './relay-context.ts'
import { Retries } from './retries.ts'

/** What all of it works with: where peers outside see us is for hole punching. */
type RelaysContext = Omit<RelayContext, 'lost'> & Pick<PunchContext, 'observed'>

/** How long one try to reserve again may take, in ms. */
const TRY_MS = 20_000

/**
 * Relays: reservations that this node holds, hole punching, and being a relay for others. What each needs is loaded
 * and added to the node when it is first wanted.
 */
export class Relays {
  readonly #context: RelaysContext & RelayContext
  readonly #stops: (() => Promise<void>)[] = []
  readonly #retries: Retries
  #client: Promise<RelayClient> | undefined
  #started: RelayClient | undefined
  #auto: AutoRelay | undefined
  #tries = 0
  #stopped = false

  constructor(context: RelaysContext) {
    this.#context = { ...context, lost: address => this.#retries.begin(address) }
    this.#retries = new Retries(context, (target, signal) => this.#try(target, signal))
  }

  /**
   * Reserves at a relay and keeps the reservation: once it is lost it is asked for again, with growing pauses.
   *
   * @throws {RequestFailed}, after `relay:failed`
   */
  async reserve(target: string, request: DialRequest): Promise<Result<'reserve'>> {
    const result = await (await this.#startedClient()).reserve(target, request)
    this.#retries.end(result.peerId)
    return result
  }

  /** Reserves at relays that are wanted from the start; those that do not grant it are asked again. Never rejects. */
  async reserveAtAll(targets: readonly string[]): Promise<void> {
    const tries = targets.map(target => this.#try(target).catch(() => this.#retries.begin(target)))
    await Promise.all(tries)
  }

  /** Reserves at relays among the connected peers, from now on. */
  reserveAnywhere(): void {
    const { libp2p } = this.#context
    this.#auto = new AutoRelay({
      held: () => this.#started?.held ?? 0,
      reserve: peerId => this.#try(peerId),
      // When a connection tells of its end, libp2p's own list may still have it.
      isDirect: peerId =>
        libp2p.getConnections(parsePeerId(peerId)).some(({ direct, status }) => direct && status === 'open'),
      giveUp: peerId => this.#retries.giveUp(peerId),
    })
  }

  /** Told of every event of the node, after its state has changed. */
  heard(event: NewEvent): void {
    this.#auto?.heard(event)
  }

  /** Dials an address that leads through a relay, as a libp2p transport does. */
  async dial(...params: Parameters<Transport['dial']>): ReturnType<Transport['dial']> {
    return await (await this.#startedClient()).dial(...params)
  }

  /** Called for each stream that opens. */
  streamOpened(stream: Stream): ByteObserver[] {
    return this.#started?.streamOpened(stream) ?? []
  }

  #startedClient(): Promise<RelayClient> {
    if (this.#stopped) return Promise.reject(new Error('This node is stopping'))
    this.#client ??= this.#startClient().catch(error => {
      // What could not be loaded or added may be there for whoever asks next.
      this.#client = undefined
      throw error
    })
    return this.#client
  }

  /** Becomes a relay for others. */
  async serve(options: RelayServerOptions): Promise<void> {
    const { startRelayServer } = await import('./server/relay-server.ts')
    const server = await startRelayServer(this.#context, options)
    this.#stops.push(server.stop)
    const { reservations, circuits, connectionBytes, connectionMs } = options
    this.#context.emit({
      type: 'relay:started',
      reservations,
      circuits,
      limitBytes: connectionBytes,
      limitMs: connectionMs,
    })
  }

  /**
   * Called before a person hangs up on a peer or forgets it: if it is a relay of ours, its reservation is given up.
   *
   * @returns whether there was a reservation, or one was asked for again and again
   */
  async leave(peerId: string): Promise<boolean> {
    const wasAsked = this.#retries.giveUp(peerId)
    const client = await this.#client
    client?.ending(peerId, say`You hung up`)
    return wasAsked || client?.holds(peerId) === true
  }

  /** Ends what runs, and what is just starting. Never rejects: the node goes on to stop. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#retries.stop()
    await this.#client?.catch(() => undefined)
    for (const stop of this.#stops.splice(0)) await stop().catch(() => undefined)
  }

  #try(target: string, calledOff?: AbortSignal): Promise<Result<'reserve'>> {
    this.#tries += 1
    const timeout = AbortSignal.timeout(TRY_MS)
    return this.reserve(target, {
      signal: calledOff === undefined ? timeout : AbortSignal.any([timeout, calledOff]),
      requestId: say`relay${this.#tries}`,
    })
  }

  async #startClient(): Promise<RelayClient> {
    const modules = Promise.all([import('./client/relay-client.ts'), import('./punch/punching.ts')])
    const [{ RelayClient }, { Punching }] = await modules
    const client = await RelayClient.start(this.#context)
    this.#started = client
    const punching = await Punching.start(this.#context)
    this.#stops.push(
      () => punching.stop(),
      () => client.stop(),
    )
    return client
  }
}
