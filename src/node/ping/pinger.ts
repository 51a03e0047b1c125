import type { Libp2p, PeerId } from '@libp2p/interface'
import type { Cancel, Clock } from '../../core/clock.ts'
import type { Id, NewEvent } from '../../core/events.ts'
import { RequestFailed } from '../../core/failure.ts'
import type { Result } from '../../core/requests.ts'
import { safeText } from '../../core/safe-text.ts'
import { parsePeerId } from '../dial/target.ts'
import { explain } from '../errors/explain.ts'
import { Line } from '../line.ts'
import { notConnected, PingLost } from './lost.ts'
import { Pace } from './pace.ts'
import { PeerPinger } from './peer-pinger.ts'

/** What pinging works with, and at what pace. */
export interface PingerOptions {
  libp2p: Pick<Libp2p, 'getConnections'>
  clock: Clock
  /** Takes the pings' events. */
  emit: (event: NewEvent) => void
  /** How often each connected peer is pinged, in ms; 0: only on request. @default 60_000 */
  intervalMs?: number
  /** How often a peer is pinged that a person keeps pinging, in ms. @default 1_000 */
  keepIntervalMs?: number
  /** How long an answer may take, and the opening of a stream, in ms. @default 5_000 */
  timeoutMs?: number
}

/** What cancels a ping, and the id that its events carry. */
export interface PingRequest {
  signal: AbortSignal
  requestId: Id
}

interface Connected {
  pinger: PeerPinger
  line: Line
  /** Ends the pings of one whom a person keeps pinging. */
  cancelKept?: Cancel
}

/**
 * Pings the peers that are connected, over one stream each, and never at the cost of a connection: whatever a peer
 * does with a ping, at worst that stream is reset.
 */
export class Pinger {
  readonly #options: Required<PingerOptions>
  readonly #pace: Pace
  readonly #peers = new Map<string, Connected>()
  /** Whom a person keeps pinging; while such a peer is not connected, its pings rest. */
  readonly #kept = new Set<string>()
  #stopped = false

  constructor(options: PingerOptions) {
    this.#options = { intervalMs: 60_000, keepIntervalMs: 1_000, timeoutMs: 5_000, ...options }
    this.#pace = new Pace(this.#options.clock, this.#options.intervalMs, peerId => this.#turn(peerId))
  }

  /** A first connection to a peer has opened. */
  peerConnected(peerId: string): void {
    const id = parsePeerId(peerId)
    if (this.#stopped || id === undefined) return
    const peer = this.#peers.get(peerId) ?? this.#add(peerId, id)
    if (this.#kept.has(peerId)) this.#keep(peerId, peer)
    else if (this.#options.intervalMs > 0) this.#pace.add(peerId)
  }

  /** The last connection to a peer has closed. */
  peerDisconnected(peerId: string): void {
    const peer = this.#peers.get(peerId)
    this.#peers.delete(peerId)
    this.#pace.delete(peerId)
    peer?.cancelKept?.()
    peer?.pinger.end()
  }

  /**
   * Pings a peer that is connected. On a new stream the cold round trip is an event, and the result that of a second,
   * warm one. Cancelling ends the waiting; a ping that is on its way still ends in its event.
   *
   * @throws {RequestFailed} and nothing else
   */
  async ping(peerId: string, { signal, requestId }: PingRequest): Promise<Result<'ping'>> {
    const cancelled = Promise.withResolvers<never>()
    const onAbort = (): void =>
      cancelled.reject(
        new RequestFailed(explain(signal.reason, { stage: 'exchange', cancelled: true }), {
          cause: signal.reason,
        }),
      )
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    try {
      return await Promise.race([cancelled.promise, this.#ping(peerId, { signal, requestId })])
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  /**
   * Starts or ends pinging a peer at the fast pace. It goes on when the peer disconnects and comes back, and ends by
   * itself when the peer does not speak ping.
   *
   * @returns what holds afterwards
   * @throws {RequestFailed} when the peer is not connected
   */
  keepPinging(peerId: string, on: boolean, requestId: Id): boolean {
    if (!on) {
      this.#stopKeeping(peerId, requestId)
      return false
    }
    if (this.#kept.has(peerId)) return true
    const peer = this.#known(peerId)
    if (peer === undefined) throw notConnected()
    this.#kept.add(peerId)
    this.#options.emit({
      type: 'ping:started',
      requestId,
      peerId: safeText(peerId),
      intervalMs: this.#options.keepIntervalMs,
    })
    this.#keep(peerId, peer)
    return true
  }

  /** Ends all pings without further events. */
  stop(): void {
    this.#stopped = true
    this.#pace.clear()
    for (const { cancelKept, pinger } of this.#peers.values()) {
      cancelKept?.()
      pinger.end()
    }
    this.#peers.clear()
    this.#kept.clear()
  }

  async #ping(peerId: string, request?: PingRequest): Promise<Result<'ping'>> {
    if (this.#stopped) throw stopped()
    const peer = this.#known(peerId)
    if (peer !== undefined) return peer.line.run(() => this.#measure(peerId, peer, request))
    const lost = notConnected()
    this.#emitLoss(peerId, lost, request)
    throw lost
  }

  async #measure(peerId: string, { pinger }: Connected, request?: PingRequest): Promise<Result<'ping'>> {
    // Cancelled while it waited for its turn: nobody listens, and nothing was sent.
    request?.signal.throwIfAborted()
    try {
      return await pinger.ping((rttMs, cold) =>
        this.#options.emit({ type: 'ping:succeeded', ...tags(peerId, request), rttMs, cold }),
      )
    } catch (error) {
      if (this.#stopped) throw stopped()
      if (error instanceof PingLost) this.#emitLoss(peerId, error, request)
      throw error
    }
  }

  #emitLoss(peerId: string, { kind, failure }: PingLost, request?: PingRequest): void {
    this.#options.emit({ type: 'ping:failed', ...tags(peerId, request), kind, cause: failure.cause })
  }

  /** A peer's turn at the slow pace. */
  #turn(peerId: string): void {
    const peer = this.#peers.get(peerId)
    // One that does not speak ping is not asked again on the same connection; one that hangs is not asked meanwhile.
    if (peer?.line.idle && peer.pinger.worthAsking) this.#ping(peerId).catch(() => {})
  }

  #keep(peerId: string, peer: Connected): void {
    this.#pace.delete(peerId)
    const ping = async (): Promise<void> => {
      if (!peer.line.idle) return
      try {
        await this.#ping(peerId)
      } catch (error) {
        if (error instanceof PingLost && error.kind === 'unsupported') this.#stopKeeping(peerId)
      }
    }
    peer.cancelKept?.()
    peer.cancelKept = this.#options.clock.every(this.#options.keepIntervalMs, () => void ping())
    void ping()
  }

  #stopKeeping(peerId: string, requestId?: Id): void {
    if (!this.#kept.delete(peerId)) return
    const peer = this.#peers.get(peerId)
    peer?.cancelKept?.()
    this.#options.emit({ type: 'ping:stopped', peerId: safeText(peerId), ...(requestId && { requestId }) })
    const { intervalMs } = this.#options
    if (peer !== undefined && intervalMs > 0) this.#pace.addAfterTurn(peerId)
  }

  /** The peer's state, made when need be; undefined: it is not connected. */
  #known(peerId: string): Connected | undefined {
    const known = this.#peers.get(peerId)
    if (known !== undefined || this.#stopped) return known
    const id = parsePeerId(peerId)
    if (id === undefined || this.#options.libp2p.getConnections(id).length === 0) return undefined
    return this.#add(peerId, id)
  }

  #add(peerId: string, id: PeerId): Connected {
    const peer: Connected = { pinger: new PeerPinger(id, this.#options), line: new Line() }
    this.#peers.set(peerId, peer)
    return peer
  }
}

function tags(peerId: string, request: PingRequest | undefined) {
  return { peerId: safeText(peerId), ...(request && { requestId: request.requestId }) }
}

function stopped(): RequestFailed {
  return new RequestFailed(explain(undefined, { stage: 'request', stopped: true }))
}
