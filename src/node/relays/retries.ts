import { safeText } from '../../core/safe-text.ts'
import type { BusContext } from '../bus/bus-context.ts'
import { Retry } from './retry.ts'
import { whom } from './whom.ts'

/** Asks for a reservation; rejects when there is none. */
type Attempt = (target: string, signal: AbortSignal) => Promise<unknown>

/** Relays that are asked again and again until they grant a reservation, each by itself. */
export class Retries {
  readonly #context: Pick<BusContext, 'clock' | 'emit'>
  readonly #attempt: Attempt
  /** By the relay's Peer ID, or its address where that is not known. */
  readonly #running = new Map<string, Retry>()
  #stopped = false

  constructor(context: Pick<BusContext, 'clock' | 'emit'>, attempt: Attempt) {
    this.#context = context
    this.#attempt = attempt
  }

  /** Asks a relay again from now on, after a pause, and tells of each pause. */
  begin(target: string): void {
    // What was under way when the node stopped fails after that.
    if (this.#stopped) return
    const { clock, emit } = this.#context
    const named = whom(target)
    const key = named.peerId ?? named.address ?? target
    this.end(key)
    const retry = new Retry({
      clock,
      attempt: signal => this.#attempt(target, signal),
      waiting: (attempts, nextInMs) => emit({ type: 'relay:awaited', ...named, attempts, nextInMs }),
    })
    this.#running.set(key, retry)
  }

  /** Asks it no more. @returns whether it was asked */
  end(peerId: string): boolean {
    this.#running.get(peerId)?.cancel()
    return this.#running.delete(peerId)
  }

  /** The same because a person wants it so: that is told. @returns whether it was asked */
  giveUp(peerId: string): boolean {
    const wasAsked = this.end(peerId)
    if (wasAsked) this.#context.emit({ type: 'relay:unwanted', peerId: safeText(peerId) })
    return wasAsked
  }

  /** Asks nobody any more, whoever is named from now on. */
  stop(): void {
    this.#stopped = true
    for (const retry of this.#running.values()) retry.cancel()
    this.#running.clear()
  }
}
