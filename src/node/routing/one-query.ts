import type { PeerId, PeerInfo } from '@libp2p/interface'
import type { KadDHT, QueryEvent } from '@libp2p/kad-dht'
import { type Clock, elapsedMs } from '../../core/clock.ts'
import type { NewEvent, Payload } from '../../core/events.ts'
import type { Params, Result } from '../../core/requests.ts'
import { type SafeText, safeText } from '../../core/safe-text.ts'
import { peerAddresses } from '../bus/peer-addresses.ts'
import { explain } from '../errors/explain.ts'
import { K } from './limits.ts'
import type { Plan } from './plan.ts'
import { shownValue } from './value.ts'

/** A line has no room for more of a value. */
const VALUE_IN_EVENTS = 256

/** What a query works with. */
export interface QueryTools {
  dht: KadDHT
  self: PeerId
  clock: Clock
  emit: (event: NewEvent) => void
}

/** One query from its start to its end, with its events. */
export class OneQuery {
  readonly #plan: Plan
  readonly #query: Params<'query'>['query']
  readonly #tools: QueryTools
  readonly #requestId: SafeText
  readonly #startedAt: number
  readonly #askedAt = new Map<string, number>()
  readonly #answered = new Set<string>()
  readonly #peers = new Map<string, PeerInfo>()
  #value: Uint8Array | undefined

  constructor(plan: Plan, query: Params<'query'>['query'], requestId: SafeText, tools: QueryTools) {
    this.#plan = plan
    this.#query = query
    this.#requestId = requestId
    this.#tools = tools
    this.#startedAt = tools.clock.monotonic()
    this.#emit({ type: 'query:started', query, subject: plan.subject })
  }

  /** Asks until the query is through. @throws what the DHT throws, or the reason of the signal */
  async run(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    for await (const event of this.#plan.ask(this.#tools.dht, signal)) {
      // What comes after the end belongs to no query that anybody has heard of.
      if (signal.aborted) break
      this.#progress(event)
      const found = this.#plan.found(event)
      if (found === undefined) continue
      this.#take(found.peers ?? [], found.value)
      if (this.#plan.firstIsEnough) break
    }
    signal.throwIfAborted()
  }

  /** Whether some were asked, and none of them answered. */
  get unanswered(): boolean {
    return this.#askedAt.size > 0 && this.#answered.size === 0
  }

  /** Whether anything was found. */
  get found(): boolean {
    return this.#peers.size > 0 || this.#value !== undefined
  }

  /** The peers found so far. */
  get peers(): readonly PeerInfo[] {
    return [...this.#peers.values()]
  }

  /** Says how it ended: the last event. */
  end(outcome: Payload<'query:ended'>['outcome'], cause?: SafeText): void {
    this.#emit({
      type: 'query:ended',
      query: this.#query,
      subject: this.#plan.subject,
      outcome,
      asked: this.#askedAt.size,
      answered: this.#answered.size,
      found: this.#peers.size + (this.#value === undefined ? 0 : 1),
      durationMs: this.#elapsed(),
      ...(cause === undefined ? {} : { cause }),
    })
  }

  /** What came of it. */
  result(): Result<'query'> {
    return {
      subject: this.#plan.subject,
      peers: this.peers.map(({ id, multiaddrs }) => ({
        peerId: safeText(id.toString()),
        addresses: peerAddresses(id.toString(), multiaddrs),
      })),
      ...(this.#value === undefined ? {} : { value: shownValue(this.#value) }),
      asked: this.#askedAt.size,
      answered: this.#answered.size,
      durationMs: this.#elapsed(),
    }
  }

  #progress(event: QueryEvent): void {
    const elapsed = this.#elapsed()
    if (event.name === 'SEND_QUERY') {
      this.#askedAt.set(event.to.toString(), elapsed)
      this.#step(event.to, 'asked', elapsed)
    } else if (event.name === 'PEER_RESPONSE') {
      this.#answered.add(event.from.toString())
      this.#step(event.from, 'answered', elapsed, { closer: event.closer.length })
    } else if (event.name === 'QUERY_ERROR') {
      const { cause } = explain(event.error, { stage: 'exchange' })
      this.#step(event.from, 'failed', elapsed, { cause })
    }
  }

  #step(
    peer: PeerId,
    step: Payload<'query:progressed'>['step'],
    elapsed: number,
    more: { closer?: number; cause?: SafeText } = {},
  ): void {
    // What we know ourselves was not asked of anybody.
    if (peer.equals(this.#tools.self)) return
    const askedAt = step === 'asked' ? undefined : this.#askedAt.get(peer.toString())
    this.#emit({
      type: 'query:progressed',
      query: this.#query,
      peerId: safeText(peer.toString()),
      step,
      elapsedMs: elapsed,
      ...(askedAt === undefined ? {} : { tookMs: Math.max(0, elapsed - askedAt) }),
      ...more,
    })
  }

  #take(peers: readonly PeerInfo[], value: Uint8Array | undefined): void {
    const query = this.#query
    for (const peer of peers) {
      const peerId = safeText(peer.id.toString())
      if (this.#peers.has(peerId) || this.#peers.size >= K) continue
      this.#peers.set(peerId, peer)
      if (this.#plan.stores) continue
      this.#emit({ type: 'query:found', query, peerId, addresses: peerAddresses(peerId, peer.multiaddrs) })
    }
    if (value === undefined || (this.#value !== undefined && Buffer.compare(value, this.#value) === 0)) return
    this.#value = value
    const text = safeText(shownValue(value).text, VALUE_IN_EVENTS)
    this.#emit({ type: 'query:found', query, addresses: [], value: text })
  }

  #elapsed(): number {
    return elapsedMs(this.#tools.clock, this.#startedAt)
  }

  #emit(event: NewEvent): void {
    this.#tools.emit({ ...event, requestId: this.#requestId })
  }
}
