import { peerIdFromString } from '@libp2p/peer-id'
import type { Result } from '../../core/requests.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { BusContext } from '../bus/bus-context.ts'
import type { DialRequest } from '../dial/dialer.ts'
import type { RelayServerOptions } from '../options.ts'
import type { LogTap } from '../taps/log-tap.ts'
import type { RelayClient } from './relay-client.ts'
import { Retry } from './retry.ts'

/** What the parts about relays work with. */
export interface RelayContext extends BusContext {
  logTap: LogTap
  dial(target: string, request: DialRequest): Promise<Result<'dial'>>
  /** Called when a reservation is gone that nobody gave up; `address` is the relay's. */
  lost(relay: SafeText, address: SafeText): void
}

/** How long one try to reserve again may take, in ms. */
const TRY_MS = 20_000
/** With this tag libp2p reconnects to a relay that it holds a reservation of. */
const KEEP_ALIVE_TAG = 'keep-alive-circuit-relay'

/**
 * Relays: reservations that this node holds, hole punching, and being a relay for others. What each needs is loaded
 * and added to the node when it is first wanted.
 */
export class Relays {
  readonly #context: RelayContext
  readonly #stops: (() => Promise<void>)[] = []
  /** By the relay's Peer ID or address: what goes on until there is a reservation again. */
  readonly #retries = new Map<string, Retry>()
  /** Relays that a person gave up while their reservation stood. */
  readonly #left = new Set<string>()
  #client: Promise<RelayClient> | undefined
  #tries = 0

  constructor(context: Omit<RelayContext, 'lost'>) {
    this.#context = { ...context, lost: (relay, address) => this.#lost(relay, address) }
  }

  /**
   * Reserves at a relay and keeps the reservation: once it is lost it is asked for again, with growing pauses.
   *
   * @throws {RequestFailed}, after `relay:failed`
   */
  async reserve(target: string, request: DialRequest): Promise<Result<'reserve'>> {
    const result = await (await this.client()).reserve(target, request)
    this.#callOff(result.peerId)
    this.#left.delete(result.peerId)
    return result
  }

  /** Reserves at relays that are wanted from the start; those that do not grant it are asked again. Never rejects. */
  async reserveAtAll(targets: readonly string[]): Promise<void> {
    const tries = targets.map(target => this.#try(target).catch(() => this.#retry(target, target)))
    await Promise.all(tries)
  }

  /** What makes dialing through relays possible. */
  client(): Promise<RelayClient> {
    this.#client ??= this.#startClient()
    return this.#client
  }

  /** Becomes a relay for others. */
  async serve(options: RelayServerOptions): Promise<void> {
    const { startRelayServer } = await import('./relay-server.ts')
    const server = await startRelayServer(this.#context, options)
    this.#stops.push(server.stop)
  }

  /** Called before a person hangs up on a peer: if it is a relay of ours, its reservation is given up. */
  async leave(peerId: string): Promise<void> {
    this.#callOff(peerId)
    if ((await this.#client)?.holds(peerId) !== true) return
    this.#left.add(peerId)
    await this.#context.libp2p.peerStore.merge(peerIdFromString(peerId), {
      tags: { [KEEP_ALIVE_TAG]: undefined },
    })
  }

  async stop(): Promise<void> {
    for (const retry of this.#retries.values()) retry.cancel()
    for (const stop of this.#stops.splice(0)) await stop()
  }

  #lost(relay: SafeText, address: SafeText): void {
    if (!this.#left.delete(relay)) this.#retry(relay, address)
  }

  #retry(key: string, target: string): void {
    this.#callOff(key)
    this.#retries.set(key, new Retry(this.#context.clock, () => this.#try(target)))
  }

  #callOff(key: string): void {
    this.#retries.get(key)?.cancel()
    this.#retries.delete(key)
  }

  #try(target: string): Promise<Result<'reserve'>> {
    this.#tries += 1
    return this.reserve(target, {
      signal: AbortSignal.timeout(TRY_MS),
      requestId: say`relay${this.#tries}`,
    })
  }

  async #startClient(): Promise<RelayClient> {
    const modules = Promise.all([import('./relay-client.ts'), import('./punches.ts')])
    const [{ RelayClient }, { startPunching }] = await modules
    const client = await RelayClient.start(this.#context)
    const punching = await startPunching(this.#context)
    this.#stops.push(punching.stop, () => client.stop())
    return client
  }
}
