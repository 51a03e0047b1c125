import type { Libp2p } from '@libp2p/interface'
import type { Clock } from '../../core/clock.ts'
import { QUERIES } from '../../core/event-terms.ts'
import type { NewEvent } from '../../core/events.ts'
import type { Params, Result } from '../../core/requests.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Dialer, DialRequest } from '../dial/dialer.ts'
import type { Excess } from '../limits/node-limits.ts'
import type { NodeOptions } from '../options.ts'
import type { ProvideNotes } from '../profile/provide-notes.ts'
import { type DialOrFindParts, dialOrFind } from './dial-or-find.ts'
import { noDht, noSuchQuery } from './failures.ts'
import type { Routing } from './routing.ts'

interface Parts {
  libp2p: Libp2p
  clock: Clock
  emit: (event: NewEvent) => void
  /** Called for each thing that exceeds a limit. */
  exceeded(excess: Excess): void
  dialer: Dialer
  options: Pick<NodeOptions, 'dht' | 'bootstrap'>
  isKnown(peerId: SafeText): boolean
  table(): SwarmState['routing']
  /** What the profile keeps of it. */
  provided: ProvideNotes
}

/** Finding peers beyond those that are heard: the DHT, if there is one, and the peers given to begin with. */
export class NodeRouting {
  readonly #parts: Parts
  readonly #stopping = new AbortController()
  #routing: Routing | undefined

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Called before libp2p starts, so that nothing is missed. The library of the DHT is loaded only when it is wanted. */
  async prepare(): Promise<void> {
    const { options, ...parts } = this.#parts
    if (options.dht === undefined) return
    const { Routing } = await import('./routing.ts')
    this.#routing = new Routing({ ...parts, options: options.dht })
    await this.#routing.begin()
  }

  /** Called when the node runs: goes on to connect to the bootstrap peers. */
  async started(): Promise<void> {
    const { options, clock, emit, dialer } = this.#parts
    if (options.bootstrap.length === 0) return
    const { bootstrap } = await import('./bootstrap.ts')
    // Peers that do not answer must not hold up the start.
    void bootstrap(options.bootstrap, { clock, emit, dialer, signal: this.#stopping.signal })
  }

  stop(): void {
    this.#stopping.abort()
    this.#routing?.stop()
  }

  /** @throws {RequestFailed} */
  async query(params: Params<'query'>, context: DialRequest): Promise<Result<'query'>> {
    // Over a channel any text can come.
    if (!QUERIES.includes(params.query)) throw noSuchQuery
    if (this.#routing === undefined) throw noDht
    return await this.#routing.query(params, context)
  }

  /** @throws {RequestFailed} */
  async withdraw({ cid }: Params<'withdraw'>): Promise<Result<'withdraw'>> {
    if (this.#routing === undefined) throw noDht
    return await this.#routing.withdraw(cid)
  }

  /** Dials; a Peer ID that is not where it is known to be is looked up. @throws {RequestFailed} */
  dial(target: string, context: DialRequest): Promise<Result<'dial'>> {
    const { dialer, libp2p } = this.#parts
    const routing = this.#routing
    const find: DialOrFindParts['find'] =
      routing && ((subject, request) => routing.query({ query: 'find', subject, value: '' }, request))
    return dialOrFind(target, context, { dialer, libp2p, find })
  }
}
