import type { Connection, Libp2p } from '@libp2p/interface'
import { type Clock, elapsedMs } from '../../core/clock.ts'
import type { Id, NewEvent, Payload } from '../../core/events.ts'
import { type Failure, RequestFailed, type Stage } from '../../core/failure.ts'
import type { Result } from '../../core/requests.ts'
import { type SafeText, safeAddress, safeText } from '../../core/safe-text.ts'
import { explain } from '../errors/explain.ts'
import { isQueueFull } from '../errors/request-rows.ts'
import { seen } from '../errors/seen.ts'
import { refused } from '../errors/stream-rows.ts'
import type { NodeLimits } from '../limits/node-limits.ts'
import { accepted } from './accepted.ts'
import type { AddressFailures } from './address-failures.ts'
import { attemptsOf, othersOf } from './attempts.ts'
import { failureOf } from './failure-of.ts'
import { leadsTo, leadsToAddress } from './leads-to.ts'
import { DialProgress } from './progress.ts'
import type { Target } from './target.ts'

/** What dials work with. */
export interface DialTools {
  libp2p: Pick<
    Libp2p,
    'dial' | 'status' | 'getConnections' | 'peerStore' | 'addEventListener' | 'removeEventListener'
  >
  clock: Clock
  /** Why single addresses fail. */
  failures: AddressFailures
  /** Is told of dials that do not even begin, for want of room. */
  limits?: Pick<NodeLimits, 'refused'>
  /** Takes the dial's events: started, each stage, and one of succeeded and failed. */
  emit: (event: NewEvent) => void
}

/** One dial from its start to its end, with its events. */
export class OneDial {
  readonly #target: Target
  readonly #requestId: Id
  readonly #tools: DialTools
  readonly #progress: DialProgress
  readonly #startedAt: number

  constructor(target: Target, requestId: Id, tools: DialTools) {
    this.#target = target
    this.#requestId = requestId
    this.#tools = tools
    this.#startedAt = tools.clock.monotonic()
    this.#progress = new DialProgress((stage, detail) =>
      tools.emit({
        type: 'dial:progressed',
        requestId,
        target: target.text,
        stage,
        elapsedMs: this.#elapsed(),
        ...(detail !== undefined && { detail }),
      }),
    )
  }

  /** How far the dial is. */
  get stage(): Stage {
    return this.#progress.stage
  }

  /**
   * Dials. The last event is out before the promise settles.
   *
   * @throws {RequestFailed} and nothing else
   */
  async run(signal: AbortSignal): Promise<Result<'dial'>> {
    this.#tools.emit({ type: 'dial:started', requestId: this.#requestId, ...this.#names() })
    try {
      const result = await this.#tools.failures.during(async reasons => {
        const connected = await this.#connect(signal)
        const others = connected.existing ? [] : othersOf(this.#progress, reasons)
        return others.length === 0 ? connected : { ...connected, others }
      })
      this.#tools.emit({
        type: 'dial:succeeded',
        requestId: this.#requestId,
        target: this.#target.text,
        ...result,
      })
      return result
    } catch (error) {
      const failure = await this.#failure(error, signal)
      this.#tools.emit({
        type: 'dial:failed',
        requestId: this.#requestId,
        ...this.#names(),
        ...failure,
        durationMs: this.#elapsed(),
        attempts: attemptsOf(error, failure, this.#progress.attempts),
      })
      throw new RequestFailed(failure, { cause: error })
    }
  }

  async #connect(signal: AbortSignal): Promise<Result<'dial'>> {
    const { libp2p } = this.#tools
    // A stopped node does not refuse to dial: it fails with a timeout that nobody asked for.
    if (libp2p.status !== 'started')
      throw new RequestFailed(explain(undefined, { stage: 'request', stopped: true }))
    signal.throwIfAborted()
    const known = new Set(libp2p.getConnections().map(connection => connection.id))
    const same = libp2p.getConnections().find(connection => leadsToAddress(connection, this.#target))
    if (same !== undefined) return this.#result(same, true)
    const connection = await this.#open(signal)
    if (known.has(connection.id)) return this.#result(connection, true)
    return this.#result(await this.#accepted(connection, signal), false)
  }

  async #open(signal: AbortSignal): Promise<Connection> {
    const { libp2p } = this.#tools
    try {
      return await libp2p.dial(this.#target.dial, { signal, onProgress: this.#progress.listen })
    } catch (error) {
      const cut = seen(error).name === 'ConnectionClosedError'
      const other = cut
        ? libp2p.getConnections().find(connection => leadsTo(connection, this.#target))
        : undefined
      if (other === undefined) throw error
      return other
    }
  }

  /** The connection that stands in the end: of two that open to one address at once, libp2p closes one. */
  async #accepted(connection: Connection, signal: AbortSignal): Promise<Connection> {
    try {
      await accepted(connection, { ...this.#tools, signal })
      return connection
    } catch (error) {
      const other = this.#tools.libp2p
        .getConnections(connection.remotePeer)
        .find(({ id, status }) => id !== connection.id && status === 'open')
      if (other !== undefined) return other
      if (this.#tools.libp2p.status !== 'started') throw error
      const failure: Failure = { stage: 'established', ...refused() }
      this.#tools.emit({
        type: 'connection:refused',
        requestId: this.#requestId,
        direction: 'outbound',
        peerId: safeText(connection.remotePeer.toString()),
        address: safeAddress(connection.remoteAddr),
        reason: failure.cause,
      })
      throw new RequestFailed(failure, { cause: error })
    }
  }

  #result({ remotePeer, id, remoteAddr }: Connection, existing: boolean): Result<'dial'> {
    return {
      peerId: safeText(remotePeer.toString()),
      connectionId: safeText(id),
      address: safeAddress(remoteAddr),
      durationMs: this.#elapsed(),
      existing,
    }
  }

  async #failure(error: unknown, signal: AbortSignal): Promise<Failure> {
    const failure = await failureOf(error, {
      ...this.#tools,
      target: this.#target,
      stage: this.#progress.stage,
      signal,
    })
    return isQueueFull(error) ? { ...failure, cause: this.#refused() ?? failure.cause } : failure
  }

  /** No dial began. @returns the limit that was in its way, in words */
  #refused(): SafeText | undefined {
    const { peerId } = this.#names()
    return this.#tools.limits?.refused('dials', {
      requestId: this.#requestId,
      direction: 'outbound',
      ...(this.#target.hasAddress && { address: this.#target.text }),
      ...(peerId !== undefined && { peerId }),
    })
  }

  #names(): Pick<Payload<'dial:started'>, 'target' | 'peerId'> {
    const { text, peerId } = this.#target
    return { target: text, ...(peerId !== undefined && { peerId: safeText(peerId.toString()) }) }
  }

  #elapsed(): number {
    return elapsedMs(this.#tools.clock, this.#startedAt)
  }
}
