import type { Cancel, Clock } from '../../core/clock.ts'
import { AUTO_DIAL } from '../../core/own-events.ts'
import { safeText } from '../../core/safe-text.ts'
import type { DialRequest } from '../dial/dialer.ts'

/** How long the peer with the greater Peer ID leaves the dial to the other one, in ms. */
const OTHERS_TURN_MS = 3_000
/** A peer that is heard but not connected is dialed again after this, in ms. */
const AGAIN_AFTER_MS = 30_000
/** One of them ends after this, in ms: a peer that announces many addresses where nobody answers holds up no other. */
const DIAL_WITHIN_MS = 20_000
/** Dials on nobody's request that run at once. */
const AT_ONCE = 8

/** What automatic dialing works with; `self` is our own Peer ID. */
export interface AutoDialOptions {
  clock: Clock
  self: string
  isConnected(peerId: string): boolean
  dial(target: string, request: DialRequest): Promise<unknown>
}

/**
 * Dials peers as they are discovered. Two nodes discover each other in the same moment, and if both dialed at once they
 * would end with two connections: the one with the smaller Peer ID goes first, the other only when nothing came of it.
 */
export class AutoDial {
  readonly #options: AutoDialOptions
  readonly #waiting = new Map<string, Cancel>()
  /** When each peer that is still heard was dialed last (monotonic, ms). */
  readonly #dialedAt = new Map<string, number>()
  readonly #stopped = new AbortController()
  readonly #queue: string[] = []
  #running = 0
  #count = 0

  constructor(options: AutoDialOptions) {
    this.#options = options
  }

  /** A peer appeared, or was heard again: one that is not connected gets another try, not too soon. */
  heard(peerId: string): void {
    if (this.#stopped.signal.aborted || this.#waiting.has(peerId)) return
    const { clock, isConnected } = this.#options
    const dialedAt = this.#dialedAt.get(peerId)
    if (dialedAt !== undefined && clock.monotonic() - dialedAt < AGAIN_AFTER_MS) return
    if (isConnected(peerId)) return
    const delayMs = this.#options.self < peerId ? 0 : OTHERS_TURN_MS
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#waiting.delete(peerId)
      this.#queue.push(peerId)
      this.#next()
    })
    this.#waiting.set(peerId, cancel)
  }

  /** A person hung up on a peer: it is not dialed again until it has gone and come back. */
  leave(peerId: string): void {
    this.#dialedAt.set(peerId, Number.POSITIVE_INFINITY)
  }

  /** A peer is no longer heard. */
  expired(peerId: string): void {
    this.#dialedAt.delete(peerId)
    this.#waiting.get(peerId)?.()
    this.#waiting.delete(peerId)
  }

  stop(): void {
    this.#stopped.abort()
    for (const cancel of this.#waiting.values()) cancel()
    this.#waiting.clear()
    this.#queue.length = 0
  }

  #next(): void {
    const { clock, isConnected, dial } = this.#options
    while (this.#running < AT_ONCE) {
      const peerId = this.#queue.shift()
      if (peerId === undefined) return
      if (isConnected(peerId)) continue
      this.#dialedAt.set(peerId, clock.monotonic())
      this.#running += 1
      this.#count += 1
      const late = new AbortController()
      const cancel = clock.after(DIAL_WITHIN_MS, () => late.abort(new DOMException('', 'TimeoutError')))
      const signal = AbortSignal.any([this.#stopped.signal, late.signal])
      // What becomes of it is told by the dial's own events.
      dial(peerId, { signal, requestId: safeText(`${AUTO_DIAL}${this.#count}`) })
        .catch(() => undefined)
        .finally(() => {
          cancel()
          this.#running -= 1
          this.#next()
        })
    }
  }
}
