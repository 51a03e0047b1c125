import type { PeerId, PeerInfo } from '@libp2p/interface'
import type { KadDHT, QueryEvent } from '@libp2p/kad-dht'
import { type Cancel, type Clock, elapsedMs } from '../../core/clock.ts'
import type { NewEvent, Payload } from '../../core/events.ts'
import type { Params, Result } from '../../core/requests.ts'
import { type SafeText, safeText } from '../../core/safe-text.ts'
import { peerAddresses } from '../bus/peer-addresses.ts'
import { explain } from '../errors/explain.ts'
import type { Found, Plan } from './plan.ts'
import { QueryResults } from './query-results.ts'
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
  readonly #results = new QueryResults()

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
    const { clock, dht } = this.#tools
    const { ask, moreWithinMs } = this.#plan
    const enough = new AbortController()
    const either = AbortSignal.any([signal, enough.signal])
    let cancel: Cancel | undefined
    try {
      for await (const event of ask(dht, either)) {
        if (either.aborted) break
        this.#progress(event)
        this.#take(event)
        if (moreWithinMs !== undefined && this.found)
          cancel ??= clock.after(moreWithinMs, () => enough.abort())
      }
    } catch (error) {
      if (!enough.signal.aborted) throw error
    } finally {
      cancel?.()
    }
    signal.throwIfAborted()
    if (moreWithinMs !== undefined) this.#tell({ peers: this.peers })
  }

  /** Whether some were asked, and none of them answered. */
  get unanswered(): boolean {
    return this.#askedAt.size > 0 && this.#answered.size === 0
  }

  /** Whether anything was found. */
  get found(): boolean {
    return this.#results.size > 0
  }

  /** The peers found so far. */
  get peers(): readonly PeerInfo[] {
    return this.#results.peers
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
      found: this.#results.size,
      durationMs: this.#elapsed(),
      ...(cause === undefined ? {} : { cause }),
    })
  }

  /** What came of it. */
  result(): Result<'query'> {
    const { value } = this.#results
    return {
      subject: this.#plan.subject,
      peers: this.peers.map(({ id, multiaddrs }) => ({
        peerId: safeText(id.toString()),
        addresses: peerAddresses(id.toString(), multiaddrs),
      })),
      ...(value === undefined ? {} : { value: shownValue(value) }),
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
      if (event.from.equals(this.#tools.self)) return
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

  #take(event: QueryEvent): void {
    const { found, stores, moreWithinMs } = this.#plan
    const result = found(event)
    if (result === undefined) return
    const { peers = [], ...fresh } = this.#results.add(result)
    // What is collected is told once that is done.
    this.#tell(stores || moreWithinMs !== undefined ? fresh : { ...fresh, peers })
  }

  #tell({ peers = [], value }: Found): void {
    const query = this.#query
    for (const { id, multiaddrs } of peers) {
      const peerId = safeText(id.toString())
      this.#emit({ type: 'query:found', query, peerId, addresses: peerAddresses(peerId, multiaddrs) })
    }
    if (value === undefined) return
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
