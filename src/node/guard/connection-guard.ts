import type { MultiaddrConnection, PeerId } from '@libp2p/interface'
import type { Cancel, Clock } from '../../core/clock.ts'
import { formatBytes } from '../../core/format.ts'
import type { FixedLimit } from '../../core/limit-terms.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { isClosed, whenClosed } from '../closing.ts'
import { hostOf, shareOf } from '../limits/host.ts'
import type { Excess } from '../limits/node-limits.ts'
import { connectionIdIn, nameOf } from '../taps/log-tap.ts'
import {
  type Budget,
  type Budgets,
  COST,
  forBytes,
  MOST_HELD,
  type Overspent,
  WORTH_BYTES,
} from './budget.ts'
import type { Framing } from './framing.ts'
import type { BadMessageError } from './messages.ts'
import { type AnyMuxer, PROTOCOL_ERROR, type RawWire, type Wire, webSocketBelow } from './parts.ts'
import type { StreamOwner } from './stream-guard.ts'

/** Replies that wait on one connection because the other side does not read, in bytes: some 80,000 frames. */
export const MOST_REPLIES = 1024 * 1024
/** So long a peer has to read why it is cut off, in ms. */
export const GOODBYE_MS = 250
/** So long what has been written may take to leave, where there will be no streams any more, in ms. */
export const LAST_BYTES_MS = 5_000
/** After so much work, in µs, others have their turn. */
export const TURN_US = 20_000

/** What all connections are guarded with. */
export interface GuardContext {
  readonly clock: Clock
  readonly budgets: Budgets
  framingOf(protocol: string): Framing | undefined
  /** Tells of what exceeds a limit, before a connection is closed for it. */
  exceeded(excess: Excess): void
}

const WORK = say`too many pings, streams, messages or tiny frames`
const OVERSPENT: { readonly [O in Overspent]: readonly [FixedLimit, SafeText] } = {
  work: ['frames', say`Too much work: ${WORK}`],
  'work of its host': ['frames', say`Too much work for its host, most of it on this connection: ${WORK}`],
  'bytes of its host': [
    'message',
    say`Its host has more than ${formatBytes(MOST_HELD)} of unfinished messages, most of it on this connection`,
  ],
}

/** Why a connection is cut: goes to the other side as the code of yamux's GoAway. */
class CutOffError extends Error {
  override readonly name = 'CutOffError'
  readonly reason = PROTOCOL_ERROR
}

/** What a connection of ours and its streams may cost: one that costs more is closed. */
export class ConnectionGuard implements StreamOwner {
  readonly #context: GuardContext
  readonly #raw: MultiaddrConnection & RawWire
  readonly #host: string | undefined
  readonly #budget: Budget
  #peerId: SafeText | undefined
  #muxer: AnyMuxer | undefined
  #secured: Wire | undefined
  #cutOff: Cancel | undefined
  #leaving: Cancel | undefined
  /** Work since others had their turn, in µs. */
  #worked = 0
  #ending = false

  constructor(raw: MultiaddrConnection & RawWire, context: GuardContext) {
    this.#context = context
    this.#raw = raw
    this.#host = hostOf(raw.remoteAddr)
    // Where there is no host, others share a budget all the same: one relay, or one local user, can open any number.
    this.#budget = context.budgets.open(shareOf(raw.remoteAddr), what => this.#overspent(what))
    const receive = raw.onData.bind(raw)
    raw.onData = data => {
      if (this.closed) return
      if (data.byteLength < WORTH_BYTES) this.spend(forBytes(COST.chunk, data.byteLength))
      receive(data)
      if (this.#worked >= TURN_US) this.#giveWay()
    }
    const end = raw.onTransportClosed.bind(raw)
    raw.onTransportClosed = error => {
      this.#ending = true
      // What has come while others had their turn, and waits below: those above read nothing after the end.
      if (error === undefined) this.#readOn()
      end(error)
    }
    // Answered below all that libp2p knows of. The transport keeps no more than a few answers that nobody reads.
    for (const kind of ['ping', 'pong'] as const) {
      webSocketBelow(raw)?.on(kind, () => this.spend(COST.ping + COST.frame))
    }
    whenClosed(raw, () => this.#ended())
  }

  /** True from when it is cut off. */
  get closed(): boolean {
    return this.#cutOff !== undefined
  }

  /** Who is at the other end is known. */
  identified(peerId: PeerId): void {
    this.#peerId = safeText(peerId.toString())
  }

  /** The connection above encryption. */
  secured(secured: Wire): void {
    this.#secured = secured
    const receive = secured.onData.bind(secured)
    secured.onData = data => {
      if (data.byteLength < WORTH_BYTES) this.spend(forBytes(COST.sealed, data.byteLength))
      receive(data)
    }
  }

  muxed(muxer: AnyMuxer): void {
    this.#muxer = muxer
  }

  /** There will be no streams any more. A peer that says so and stays would take a place for nothing. */
  muxerEnded(): void {
    const { clock } = this.#context
    this.#leaving ??= clock.after(GOODBYE_MS, () => {
      // Closing waits for the other side to take what was written, for ever if it does not read.
      this.#leaving = clock.after(LAST_BYTES_MS, () =>
        this.#raw.abort(new Error('It was not closed in time')),
      )
      if (this.#raw.status === 'open') this.#raw.close().catch(error => this.#raw.abort(error))
    })
  }

  spend(cost: number): void {
    if (this.closed) return
    this.#worked += cost
    this.#budget.spend(cost)
  }

  /** We asked something on a stream of ours. */
  asked(): void {
    this.#budget.earn(COST.answer)
  }

  framingOf(protocol: string): Framing | undefined {
    return this.#context.framingOf(protocol)
  }

  garbage(error: BadMessageError, protocol: string | undefined): void {
    // Before there are streams the handshake fails with the error, which is told as a refused connection.
    if (this.#muxer === undefined) return
    this.#tell({
      limit: protocol === undefined ? 'negotiation' : 'message',
      action: 'dropped',
      ...(protocol !== undefined && { protocol: safeText(protocol) }),
      reason:
        protocol === undefined
          ? say`A stream began with data that is not libp2p`
          : say`Invalid data on a stream of ${safeText(protocol)}: ${safeText(error.message)}`,
    })
    this.spend(COST.garbage)
  }

  /** So many bytes of a frame are there that has not come in full. */
  holds(bytes: number): void {
    // TLS hands on what it has decrypted late: nobody would give back what is held for a connection that has ended.
    if (!this.closed && !isClosed(this.#raw)) this.#budget.hold(bytes)
  }

  /** To be called when a reply has to wait. Data does not: it stays in its stream. */
  repliesWait(): void {
    const waiting = this.#raw.writeBufferLength + (this.#secured?.writeBufferLength ?? 0)
    if (waiting > MOST_REPLIES) this.#unread()
  }

  /** Cuts the connection off, and tells both sides why. */
  cut(limit: FixedLimit, reason: SafeText): void {
    if (this.closed) return
    const error = new CutOffError(reason)
    this.#cutOff = this.#context.clock.after(GOODBYE_MS, () => this.#raw.abort(error))
    // At once: otherwise it would be held to account again in the place of the next one of its host.
    this.#budget.close()
    this.#tell({ limit, action: 'closed', reason })
    // Without a muxer there is no way to tell it.
    if (this.#muxer === undefined) {
      this.#raw.abort(error)
      return
    }
    this.#muxer.abort(error)
    // What it still sends is not worth reading. Closed with that unread, the system would throw our goodbye away.
    if (this.#raw.readStatus === 'readable') this.#raw.pause()
  }

  /** Node reads a socket up to 32 times, 64 KiB each, before it looks at the next one. */
  #giveWay(): void {
    this.#worked = 0
    if (this.closed || this.#ending || this.#raw.readStatus !== 'readable') return
    this.#raw.pause()
    setImmediate(() => this.#readOn())
  }

  #readOn(): void {
    if (!this.closed && this.#raw.readStatus === 'paused') this.#raw.resume()
  }

  #overspent(what: Overspent): void {
    const [limit, reason] = OVERSPENT[what]
    this.cut(limit, reason)
  }

  #unread(): void {
    this.cut(
      'replies',
      say`It sends requests but does not read the replies: ${formatBytes(MOST_REPLIES)} unread`,
    )
  }

  #tell(excess: Pick<Excess, 'limit' | 'action' | 'reason' | 'protocol'>): void {
    const connectionId = connectionIdIn(nameOf(this.#raw.log))
    this.#context.exceeded({
      ...excess,
      ...(this.#host !== undefined && { host: safeText(this.#host) }),
      ...(this.#peerId !== undefined && { peerId: this.#peerId }),
      ...(connectionId !== undefined && { connectionId: safeText(connectionId) }),
    })
  }

  #ended(): void {
    this.#budget.close()
    this.#cutOff?.()
    this.#leaving?.()
  }
}
