import type { PeerId, PeerInfo } from '@libp2p/interface'
import type { QueryEvent } from '@libp2p/kad-dht'
import type { Cancel, Clock } from '../../core/clock.ts'
import { ALPHA, K, MAX_ASKED, STRAGGLERS_MS } from './limits.ts'
import { type Candidate, Shortlist } from './shortlist.ts'

/** One peer that is to be asked, as the library's questions want it. */
export interface Question {
  peer: PeerInfo
  peerKadId: Uint8Array
  path: { index: number; queued: number; running: number; total: number }
  signal: AbortSignal
}

/** What a lookup works with. */
export interface LookupParts {
  clock: Clock
  /** Never asked. */
  self: PeerId
  /** Where the lookup goes to: a place in the key space. */
  goal: Uint8Array
  /** Whom to begin with. */
  start: readonly PeerInfo[]
  /** Asks one peer. */
  ask(question: Question): AsyncIterable<QueryEvent>
  /** Writes down where a peer is that somebody named, if anybody; false: it cannot be dialed, or shall not. */
  meet(peer: PeerInfo, namedBy: PeerId | undefined): Promise<boolean>
  /** Called for each peer that answered. */
  answered(peer: PeerId): void
  /** Called for each peer that could not be asked, or did not answer as it should. */
  failed(peer: PeerId): void
  signal: AbortSignal
}

/**
 * Walks towards a key until the k closest peers that answer have been asked, as Kademlia has it: each answer names
 * closer ones. What the questions say comes at once. Peers that do not answer hold up the others never, and the end by
 * {@link STRAGGLERS_MS}; not while nobody has answered at all.
 *
 * @see https://github.com/libp2p/specs/blob/master/kad-dht/README.md#peer-routing
 */
export class Lookup {
  readonly #parts: LookupParts
  readonly #shortlist: Shortlist
  readonly #running = new Map<Candidate, AbortController>()
  readonly #events: QueryEvent[] = []
  #asked = 0
  #answered = 0
  #wake: () => void = () => {}
  #patience: Cancel = () => {}

  constructor(parts: LookupParts) {
    this.#parts = parts
    this.#shortlist = new Shortlist(parts.goal, parts.self)
    this.#shortlist.add(parts.start)
  }

  /** @throws the reason of the signal. Leaving it early ends all questions under way. */
  async *run(): AsyncGenerator<QueryEvent> {
    const { signal } = this.#parts
    const aborted = (): void => this.#wake()
    signal.addEventListener('abort', aborted)
    try {
      for (;;) {
        signal.throwIfAborted()
        const event = this.#events.shift()
        if (event !== undefined) yield event
        else {
          this.#askMore()
          if (this.#events.length > 0) continue
          if (this.#running.size === 0 || (this.#answered > 0 && this.#shortlist.settled)) return
          await this.#change()
        }
      }
    } finally {
      signal.removeEventListener('abort', aborted)
      this.#patience()
      // Before they are ended: what comes of that says nothing about the peers.
      const questions = [...this.#running.values()]
      this.#running.clear()
      for (const question of questions) question.abort()
    }
  }

  #askMore(): void {
    while (this.#running.size < ALPHA && this.#asked < MAX_ASKED) {
      const candidate = this.#shortlist.next()
      if (candidate === undefined) break
      this.#asked += 1
      candidate.state = 'asked'
      void this.#question(candidate)
    }
  }

  /** Settles when there is something new, or the patience with the last ones is over. */
  #change(): Promise<void> {
    this.#patience()
    const waitsForLast = this.#answered > 0 && this.#shortlist.next() === undefined
    if (waitsForLast) this.#patience = this.#parts.clock.after(STRAGGLERS_MS, () => this.#giveUp())
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }

  async #question(candidate: Candidate): Promise<void> {
    const { ask, meet } = this.#parts
    const controller = new AbortController()
    this.#running.set(candidate, controller)
    const { peer, namedBy, place } = candidate
    const total = this.#running.size
    const path = { index: 0, queued: 0, running: total, total }
    try {
      if (!(await meet(peer, namedBy))) throw new Error('It has no address that can be dialed')
      const signal = AbortSignal.any([controller.signal, this.#parts.signal])
      for await (const event of ask({ peer, peerKadId: place, path, signal })) {
        if (!this.#running.has(candidate)) return
        this.#take(candidate, event)
      }
      if (candidate.state === 'asked' && this.#running.has(candidate)) this.#fail(candidate)
    } catch (error) {
      if (this.#running.has(candidate)) this.#say(candidate, error)
    } finally {
      this.#running.delete(candidate)
      this.#wake()
    }
  }

  #take(candidate: Candidate, event: QueryEvent): void {
    this.#events.push(event)
    if (event.name === 'PEER_RESPONSE') {
      candidate.state = 'answered'
      this.#answered += 1
      this.#parts.answered(candidate.peer.id)
      // More than k closer ones nobody has to name.
      this.#shortlist.add(event.closer.slice(0, K), candidate.peer.id)
    } else if (event.name === 'QUERY_ERROR' && candidate.state === 'asked') this.#fail(candidate)
    this.#wake()
  }

  #giveUp(): void {
    for (const [candidate, controller] of this.#running) {
      this.#running.delete(candidate)
      controller.abort()
      this.#say(candidate, new DOMException('It did not answer in time', 'TimeoutError'))
    }
    this.#wake()
  }

  #say(candidate: Candidate, error: unknown): void {
    const from = candidate.peer.id
    const path = { index: 0, queued: 0, running: 0, total: 0 }
    this.#events.push({ name: 'QUERY_ERROR', type: 3, from, error: error as Error, path } as QueryEvent)
    this.#fail(candidate)
  }

  #fail(candidate: Candidate): void {
    candidate.state = 'failed'
    if (!this.#parts.signal.aborted) this.#parts.failed(candidate.peer.id)
  }
}
