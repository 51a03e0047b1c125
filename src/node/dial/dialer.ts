import type { PeerId } from '@libp2p/interface'
import type { Id } from '../../core/events.ts'
import { RequestFailed } from '../../core/failure.ts'
import type { Result } from '../../core/requests.ts'
import { ADDRESS_LENGTH, safeText } from '../../core/safe-text.ts'
import { explain } from '../errors/explain.ts'
import { type DialTools, OneDial } from './one-dial.ts'
import { SharedDial } from './shared-dial.ts'
import { parseTarget, type Target, targetAt } from './target.ts'

/** What cancels a dial, and the id that its events carry. */
export interface DialRequest {
  signal: AbortSignal
  requestId: Id
}

/** Dials on request, says how far each dial is, and explains what went wrong. */
export class Dialer {
  readonly #tools: DialTools
  readonly #running = new Map<string, SharedDial>()

  constructor(tools: DialTools) {
    this.#tools = tools
  }

  /**
   * Connects to a multiaddr, with or without a Peer ID, or to a Peer ID with known addresses. A peer that is connected
   * already is not dialed again: `existing` is true then. A target that is being dialed already is waited for: the
   * events carry the id of the request that came first, and cancelling one request leaves the others their dial.
   *
   * @throws {RequestFailed} and nothing else
   */
  async dial(words: string, { signal, requestId }: DialRequest): Promise<Result<'dial'>> {
    const target = this.#parse(words, requestId)
    const running = this.#running.get(target.key)
    if (running !== undefined && !running.cancelled) return running.join(signal)
    return this.#start(target, requestId).join(signal)
  }

  /**
   * Connects to a peer at some addresses, as {@link dial} does, and at no others.
   *
   * @throws {RequestFailed} and nothing else
   */
  async dialAt(peerId: PeerId, addresses: readonly string[], request: DialRequest): Promise<Result<'dial'>> {
    return this.#start(targetAt(peerId, addresses), request.requestId).join(request.signal)
  }

  #start(target: Target, requestId: Id): SharedDial {
    const dial = new OneDial(target, requestId, this.#tools)
    const shared = new SharedDial(
      signal =>
        dial.run(signal).finally(() => {
          if (this.#running.get(target.key) === shared) this.#running.delete(target.key)
        }),
      () => dial.stage,
    )
    this.#running.set(target.key, shared)
    return shared
  }

  #parse(words: string, requestId: Id): Target {
    try {
      return parseTarget(words)
    } catch (error) {
      // What was typed is shown as it was typed: it is no address.
      const target = safeText(words, ADDRESS_LENGTH)
      const failure = explain(error, { stage: 'target' })
      this.#tools.emit({ type: 'dial:started', requestId, target })
      this.#tools.emit({ type: 'dial:failed', requestId, target, ...failure, durationMs: 0, attempts: [] })
      throw error instanceof RequestFailed ? error : new RequestFailed(failure, { cause: error })
    }
  }
}
