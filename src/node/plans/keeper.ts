import type { Clock } from '../../core/clock.ts'
import type { Id, NewEvent } from '../../core/events.ts'
import { RequestFailed } from '../../core/failure.ts'
import { type SafeText, safeMessage, safeText } from '../../core/safe-text.ts'
import { backoffMs } from './backoff.ts'

/** What keeping connections works with. */
export interface KeeperOptions {
  clock: Clock
  emit(event: NewEvent<'keep:started' | 'keep:tried' | 'keep:stopped'>): void
  isConnected(peerId: SafeText): boolean
  /** Connects to a peer; rejects with a RequestFailed. */
  dial(peerId: SafeText, request: { signal: AbortSignal; requestId: Id }): Promise<unknown>
  /** True: who is to be kept is only remembered, and nobody is dialed. @default false */
  paused?: boolean
  /** From 0 up to but not including 1. @default Math.random */
  random?(): number
}

/** A connection that is lost sooner than this after it opened, in ms, was none: the waits go on growing. */
const HELD_MS = 10_000

/** One try ends after this, in ms: where there is a DHT it asks there, and dials again. */
const TRY_WITHIN_MS = 90_000

/** What is going on with one peer. */
interface Kept {
  /** Tries in vain since a connection last held. */
  failures: number
  /** When its connection opened, on the monotonic clock. */
  openedAt: number
  /** Ends the wait for the next try. */
  wait: (() => void) | undefined
  stopped: AbortController
  dialing: boolean
}

/**
 * Keeps connections: one that is lost is dialed again, with growing waits, until a person has enough. libp2p's own
 * keep-alive does neither: it gives up for good after a few tries, and comes back after our own hang-up too.
 */
export class Keeper {
  readonly #options: Required<KeeperOptions>
  readonly #kept = new Map<SafeText, Kept>()
  #dials = 0

  constructor(options: KeeperOptions) {
    this.#options = { random: Math.random, paused: false, ...options }
  }

  /** Whether the connection to a peer is to stay. */
  has(peerId: SafeText): boolean {
    return this.#kept.has(peerId)
  }

  /** Begins to keep a peer, and dials it at once if it is not connected. Does nothing for one that is kept. */
  keep(peerId: SafeText, requestId?: Id): void {
    if (this.#kept.has(peerId)) return
    const { clock, emit, isConnected } = this.#options
    const kept: Kept = {
      failures: 0,
      openedAt: clock.monotonic(),
      wait: undefined,
      stopped: new AbortController(),
      dialing: false,
    }
    this.#kept.set(peerId, kept)
    emit({ type: 'keep:started', peerId, ...(requestId === undefined ? {} : { requestId }) })
    if (!isConnected(peerId)) void this.#try(peerId, kept)
  }

  /** Ends it, and a try under way. The connection is left as it is. @returns whether the peer was kept */
  letGo(peerId: SafeText, reason: SafeText, requestId?: Id): boolean {
    const kept = this.#kept.get(peerId)
    if (kept === undefined) return false
    this.#end(peerId, kept)
    const { emit } = this.#options
    emit({ type: 'keep:stopped', peerId, reason, ...(requestId === undefined ? {} : { requestId }) })
    return true
  }

  /** Told of every event of the node, after it was told to everybody else. */
  heard(event: NewEvent): void {
    if (event.type === 'connection:opened') this.#opened(event.peerId)
    else if (event.type === 'connection:closed') this.#closed(event.peerId)
  }

  /** The node stops: nothing is tried any more, and nothing said. */
  stop(): void {
    for (const [peerId, kept] of this.#kept) this.#end(peerId, kept)
  }

  #opened(peerId: SafeText): void {
    const kept = this.#kept.get(peerId)
    if (kept === undefined) return
    kept.openedAt = this.#options.clock.monotonic()
    kept.wait?.()
    kept.wait = undefined
  }

  #closed(peerId: SafeText): void {
    const { clock, isConnected } = this.#options
    const kept = this.#kept.get(peerId)
    if (kept === undefined || isConnected(peerId)) return
    const held = clock.monotonic() - kept.openedAt >= HELD_MS
    kept.failures = held ? 0 : kept.failures + 1
    this.#wait(peerId, kept)
  }

  async #try(peerId: SafeText, kept: Kept): Promise<void> {
    const { clock, dial, emit, isConnected, paused } = this.#options
    if (kept.dialing || paused) return
    this.#dials += 1
    kept.dialing = true
    const late = new AbortController()
    const cancel = clock.after(TRY_WITHIN_MS, () => late.abort(new DOMException('', 'TimeoutError')))
    const signal = AbortSignal.any([kept.stopped.signal, late.signal])
    try {
      await dial(peerId, { signal, requestId: safeText(`keep${this.#dials}`) })
      kept.dialing = false
      // It opened and was lost while the dial was on its way to us.
      if (!kept.stopped.signal.aborted && !isConnected(peerId)) this.#wait(peerId, kept)
    } catch (error) {
      kept.dialing = false
      if (kept.stopped.signal.aborted || isConnected(peerId)) return
      kept.failures += 1
      const cause = error instanceof RequestFailed ? error.failure.cause : safeMessage(error)
      const nextInMs = this.#wait(peerId, kept)
      emit({ type: 'keep:tried', peerId, attempt: kept.failures, cause, nextInMs })
    } finally {
      cancel()
    }
  }

  /** Tries again after a while. @returns how long that is, in ms */
  #wait(peerId: SafeText, kept: Kept): number {
    const { clock, random, isConnected } = this.#options
    kept.wait?.()
    const delayMs = backoffMs(kept.failures, random())
    kept.wait = clock.after(delayMs, () => {
      kept.wait = undefined
      if (!isConnected(peerId)) void this.#try(peerId, kept)
    })
    return delayMs
  }

  #end(peerId: SafeText, kept: Kept): void {
    this.#kept.delete(peerId)
    kept.wait?.()
    kept.stopped.abort()
  }
}
