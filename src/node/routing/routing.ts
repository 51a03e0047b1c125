import type { Libp2p } from '@libp2p/interface'
import type { KadDHT } from '@libp2p/kad-dht'
import type { Params, Result } from '../../core/requests.ts'
import { type SafeText, safeText } from '../../core/safe-text.ts'
import type { DialRequest } from '../dial/dialer.ts'
import type { Excess } from '../limits/node-limits.ts'
import type { DhtOptions } from '../options.ts'
import type { ProvideNotes } from '../profile/provide-notes.ts'
import { mapperOf } from './create-dht.ts'
import { diversify } from './diversity.ts'
import { noOwnAddress } from './failures.ts'
import { FoundPeers } from './found-peers.ts'
import { Freshness, type FreshnessParts } from './freshness.ts'
import { Joining } from './joining.ts'
import { isPublic, protocolOf } from './networks.ts'
import type { QueryTools } from './one-query.ts'
import { walkOurWay } from './own-lookup.ts'
import { planOf } from './plan.ts'
import { privateParts } from './private-dht.ts'
import { Providing } from './providing.ts'
import { runQuery } from './run-query.ts'
import { readCid } from './subject.ts'
import { hearOfPeers, watchTable } from './table.ts'

/** What routing works with. */
export interface RoutingParts extends Pick<QueryTools, 'clock' | 'emit'> {
  /** With the DHT among its services. */
  libp2p: Libp2p
  options: DhtOptions
  /** Called for each thing that exceeds a limit. */
  exceeded(excess: Excess): void
  /** Whether a peer was told of already. */
  isKnown(peerId: SafeText): boolean
  /** The routing table as it was told. */
  table: FreshnessParts['table']
  /** Of the profile, where what we provide is kept. Absent: an ephemeral identity. */
  provided: ProvideNotes
}

/** The part of this node that asks the DHT. */
export class Routing {
  readonly #parts: RoutingParts
  readonly #dht: KadDHT
  readonly #stopWatching: () => void
  readonly #joining: Joining
  readonly #found: FoundPeers
  readonly #freshness: Freshness
  readonly #providing: Providing
  readonly #stopping = new AbortController()

  constructor(parts: RoutingParts) {
    this.#parts = parts
    this.#dht = parts.libp2p.services.dht as KadDHT
    const table = privateParts(this.#dht).routingTable
    diversify(this.#dht, parts.libp2p)
    this.#stopWatching = watchTable(table, parts.libp2p.peerId, parts.emit)
    this.#freshness = new Freshness({ ...parts, self: parts.libp2p.peerId })
    hearOfPeers(this.#dht, peerId => this.#freshness.heard(peerId))
    this.#found = new FoundPeers(parts)
    this.#joining = new Joining({
      clock: parts.clock,
      table,
      meetNeighbours: () => this.#meetNeighbours(),
    })
    this.#providing = new Providing({
      ...parts,
      notes: parts.provided,
      announce: (cid, signal) => this.#announce(cid, signal),
    })
    walkOurWay({
      ...parts,
      dht: this.#dht,
      mapper: mapperOf(parts.options),
      met: peer => this.#found.introduce(peer),
      answered: peerId => this.#freshness.heard(peerId),
      arrived: goal => this.#freshness.arrived(goal),
      signal: this.#stopping.signal,
    })
  }

  /** Says which DHT there is, and what we provide there: before the node runs, so that whoever waits for that knows. */
  async begin(): Promise<void> {
    const { emit, options } = this.#parts
    emit({
      type: 'routing:started',
      protocol: safeText(protocolOf(options)),
      mode: options.server ? 'server' : 'client',
    })
    await this.#providing.begin()
  }

  stop(): void {
    this.#stopping.abort()
    this.#stopWatching()
    this.#freshness.stop()
    this.#providing.stop()
  }

  /**
   * Asks the DHT; each step is an event. Waits a little for a first peer to ask.
   *
   * @throws {RequestFailed} when it cannot be asked for, nobody is there to be asked, or nothing was found
   */
  async query(params: Params<'query'>, context: DialRequest): Promise<Result<'query'>> {
    const { clock, emit, libp2p, options } = this.#parts
    const plan = planOf(params, isPublic(options))
    if (params.query === 'provide') {
      if (libp2p.getMultiaddrs().length === 0) throw noOwnAddress
      this.#providing.check(plan.subject)
    }
    const tools: QueryTools = { dht: this.#dht, self: libp2p.peerId, clock, emit }
    const ready = (signal: AbortSignal) => this.#joining.hasPeers(signal)
    const query = await runQuery({ kind: params.query, plan, tools, ready }, context)
    if (!plan.stores) await this.#found.keep(query.peers)
    if (params.query === 'provide') await this.#providing.provided(plan.subject, query.peers.length)
    query.end(plan.stores || params.query === 'closest' ? 'done' : 'found')
    return query.result()
  }

  /** Ends providing something. @throws {RequestFailed} at stage `target`: it is no CID, or is not provided */
  async withdraw(words: string): Promise<Result<'withdraw'>> {
    const { key, text } = readCid(words)
    await this.#providing.withdraw(text)
    await this.#dht.cancelReprovide(key)
    return { cid: text }
  }

  /** Leaves a provider record with the closest peers; how many took it. */
  async #announce(cid: string, signal: AbortSignal): Promise<number> {
    if (this.#parts.libp2p.getMultiaddrs().length === 0) throw noOwnAddress
    const plan = planOf({ query: 'provide', subject: cid, value: '' }, isPublic(this.#parts.options))
    let peers = 0
    for await (const event of plan.ask(this.#dht, signal)) {
      if (plan.found(event) !== undefined) peers += 1
    }
    return peers
  }

  /** Looks for our neighbours, and then says what is due. */
  async #meetNeighbours(): Promise<void> {
    const { signal } = this.#stopping
    const self = this.#parts.libp2p.peerId.toMultihash().bytes
    for await (const _ of this.#dht.getClosestPeers(self, { signal }));
    this.#providing.peersCame()
  }
}
