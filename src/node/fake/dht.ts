import { createHash } from 'node:crypto'
import { roundMs } from '../../core/clock.ts'
import { QUERIES } from '../../core/event-terms.ts'
import type { NewEvent } from '../../core/events.ts'
import type { Params, Result } from '../../core/requests.ts'
import { type SafeText, safeMessage, say } from '../../core/safe-text.ts'
import type { RequestContext } from '../port/run-request.ts'
import { noSuchQuery, notProvided } from '../routing/failures.ts'
import { type Plan, planOf } from '../routing/plan.ts'
import { REPROVIDE_MS } from '../routing/providing.ts'
import { readCid, readCidOrText } from '../routing/subject.ts'
import { listensAt, withPeerId } from './addresses.ts'
import type { FakePeer } from './cast.ts'
import type { FakeNetwork } from './network.ts'
import type { Timers } from './timers.ts'

const PROTOCOL = say`/ipfs/lan/kad/1.0.0`
/** So many peers are asked by one query, and keep what is stored. */
const ASKED = 4
/** A text that somebody provides from the start. */
const PROVIDED = 'hello world'

type Found = Pick<Result<'query'>, 'peers' | 'value'>

/** A DHT among those peers of the made-up network that speak it: what is put there can be got. */
export class FakeDht {
  readonly #network: FakeNetwork
  readonly #timers: Timers
  readonly #table = new Map<SafeText, FakePeer>()
  readonly #records = new Map<SafeText, SafeText>()
  readonly #providers = new Map<SafeText, SafeText[]>()
  /** What we provide ourselves, and since when. */
  readonly #providing = new Map<SafeText, number>()

  constructor(network: FakeNetwork, timers: Timers) {
    this.#network = network
    this.#timers = timers
    const provider = network.peers.find(speaksIt)
    if (provider !== undefined) this.#providers.set(readCidOrText(PROVIDED).text, [provider.peerId])
  }

  start(): void {
    this.#network.emit({ type: 'routing:started', protocol: PROTOCOL, mode: 'client' })
  }

  /** Told of every event: who says that it speaks this comes into the table. */
  heard(event: NewEvent): void {
    if (event.type !== 'peer:identified' || !event.protocols.includes(PROTOCOL)) return
    const peer = this.#network.peer(event.peerId)
    if (peer !== undefined) this.#add(peer)
  }

  #add(peer: FakePeer): void {
    if (this.#table.has(peer.peerId)) return
    this.#table.set(peer.peerId, peer)
    const bucket = sharedBits(keyOf(this.#network.self), keyOf(peer.peerId))
    this.#network.emit({ type: 'routing:added', peerId: peer.peerId, bucket })
  }

  /** @throws {RequestFailed} as a real one */
  async query(params: Params<'query'>, { signal, requestId }: RequestContext): Promise<Result<'query'>> {
    const plan = planFor(params)
    const { query } = params
    const { emit } = this.#network
    const { subject } = plan
    emit({ type: 'query:started', query, subject, requestId })
    if (this.#table.size === 0) this.#join()
    const asked = this.#closest(subject).slice(0, ASKED)
    let durationMs = 0
    for (const peer of asked) {
      const step = { type: 'query:progressed', query, peerId: peer.peerId, requestId } as const
      emit({ ...step, step: 'asked', elapsedMs: durationMs })
      await this.#pass(peer.rttMs, signal)
      if (signal.aborted) {
        const counts = { asked: 0, answered: 0, found: 0, durationMs }
        emit({ type: 'query:ended', query, subject, outcome: 'cancelled', ...counts, requestId })
        throw signal.reason
      }
      durationMs = roundMs(durationMs + peer.rttMs)
      emit({ ...step, step: 'answered', elapsedMs: durationMs, tookMs: roundMs(peer.rttMs), closer: 0 })
    }
    const found = this.#found(params, subject, asked)
    const counts = { asked: asked.length, answered: asked.length, durationMs }
    const nothing = found.peers.length === 0 && found.value === undefined
    if (!plan.stores) for (const peer of found.peers) emit({ type: 'query:found', query, ...peer, requestId })
    emit({
      type: 'query:ended',
      query,
      subject,
      outcome: nothing ? 'nothing' : plan.stores === true ? 'done' : 'found',
      ...counts,
      found: found.peers.length + (found.value === undefined ? 0 : 1),
      requestId,
    })
    if (nothing) throw plan.none
    return { subject, ...found, ...counts }
  }

  /** Nobody is known yet who speaks it: some are found, as a real node finds them at its start. */
  #join(): void {
    for (const peer of this.#network.peers.filter(speaksIt)) {
      this.#network.heard(peer, 'dht')
      this.#add(peer)
    }
  }

  /** What the peers asked know or keep. */
  #found({ query, value }: Params<'query'>, subject: SafeText, asked: readonly FakePeer[]): Found {
    switch (query) {
      case 'find': {
        const peer = this.#network.peer(subject)
        return { peers: peer === undefined || !speaksIt(peer) ? [] : [told(peer)] }
      }
      case 'closest':
        return { peers: this.#closest(subject).map(told) }
      case 'provide':
        this.#provide(subject, asked.length)
        return { peers: asked.map(told) }
      case 'providers':
        return {
          peers: (this.#providers.get(subject) ?? []).flatMap(id => this.#network.peer(id) ?? []).map(told),
        }
      case 'put':
        this.#records.set(subject, safeMessage(value))
        return { peers: asked.map(told) }
      case 'get': {
        const text = this.#records.get(subject)
        return { peers: [], ...(text === undefined ? {} : { value: { text, encoding: 'text' as const } }) }
      }
    }
  }

  /** Ends providing something. @throws {RequestFailed} when it is not provided */
  withdraw(words: string): Result<'withdraw'> {
    const { text: cid } = readCid(words)
    if (!this.#providing.delete(cid)) throw notProvided
    this.#network.emit({ type: 'providing:stopped', cid })
    return { cid }
  }

  #provide(cid: SafeText, peers: number): void {
    const now = this.#network.now()
    const since = this.#providing.get(cid) ?? now
    this.#providing.set(cid, since)
    this.#network.emit({
      type: 'providing:updated',
      cid,
      since,
      announcedAt: now,
      peers,
      nextAt: now + REPROVIDE_MS,
    })
  }

  /** The peers of the table, the closest to a key first. */
  #closest(subject: SafeText): FakePeer[] {
    const key = keyOf(subject)
    const distance = (peer: FakePeer) => xor(key, keyOf(peer.peerId))
    return [...this.#table.values()].sort((a, b) => Buffer.compare(distance(a), distance(b)))
  }

  /** Settles after `ms`, or when the signal fires. */
  #pass(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal.aborted) return resolve()
      const end = (): void => {
        cancel()
        signal.removeEventListener('abort', end)
        resolve()
      }
      const cancel = this.#timers.after(ms, end)
      signal.addEventListener('abort', end, { once: true })
    })
  }
}

function planFor(params: Params<'query'>): Plan {
  // Over a channel any text can come.
  if (!QUERIES.includes(params.query)) throw noSuchQuery
  return planOf(params, false)
}

function speaksIt({ protocols }: FakePeer): boolean {
  return protocols.includes(PROTOCOL)
}

function told(peer: FakePeer): { peerId: SafeText; addresses: SafeText[] } {
  return { peerId: peer.peerId, addresses: [withPeerId(listensAt(peer), peer.peerId)] }
}

/** Where in the key space something is: in this network by the hash of its text. */
function keyOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, place) => byte ^ (b[place] ?? 0)))
}

function sharedBits(a: Buffer, b: Buffer): number {
  const distance = xor(a, b)
  const place = distance.findIndex(byte => byte !== 0)
  return place === -1 ? distance.length * 8 : place * 8 + Math.clz32(distance[place] ?? 0) - 24
}
