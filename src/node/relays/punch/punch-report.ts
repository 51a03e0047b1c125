import type { Connection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { elapsedMs, roundMs } from '../../../core/clock.ts'
import { type SafeText, safeAddress, safeText } from '../../../core/safe-text.ts'
import { explain } from '../../errors/explain.ts'
import { directTo } from './direct.ts'
import { faultOf } from './fault.ts'
import type { PunchContext } from './punch-context.ts'
import { PunchError } from './punch-error.ts'

/** So long the relayed connection stays beside the direct one, for what still runs over it, in ms. */
export const RELAYED_STAYS_MS = 2_000

/** One way in which both sides, or this one alone, dial for a direct connection. */
interface Try {
  /** `dial`: only we dial, since the other side says that it is public. `punch`: both dial at the same moment. */
  how: 'dial' | 'punch'
  attempt: number
  attempts: number
  addresses: readonly Multiaddr[]
  /** Over the relay; known to the side that asks. */
  rttMs?: number
}

/**
 * Tells how it goes with one relayed connection: that punching starts, each try, and the end, once. After a success the
 * relayed connection is closed.
 */
export class PunchReport {
  readonly #context: PunchContext
  readonly #relayed: Connection
  readonly #peerId: SafeText
  readonly #since: number
  #started = false
  #over = false

  constructor(context: PunchContext, relayed: Connection) {
    this.#context = context
    this.#relayed = relayed
    this.#peerId = safeText(relayed.remotePeer.toString())
    this.#since = context.clock.monotonic()
    const onClose = (): void => {
      if (!this.#started) this.#end()
      else this.failed(new PunchError('relay-ended', 'the relayed connection ended'))
    }
    relayed.addEventListener('close', onClose, { once: true })
  }

  /** True: it has succeeded or failed, and nothing more is told. */
  get over(): boolean {
    return this.#over
  }

  /** To be called before anything else is told; again, it does nothing. */
  started(): void {
    if (this.#started || this.#over) return
    this.#started = true
    this.#context.emit({ type: 'punch:started', peerId: this.#peerId })
  }

  tried({ how, attempt, attempts, addresses, rttMs }: Try): void {
    if (this.#over) return
    this.#context.emit({
      type: 'punch:tried',
      peerId: this.#peerId,
      how,
      attempt,
      attempts,
      addresses: addresses.map(address => safeAddress(address)),
      ...(rttMs === undefined ? {} : { rttMs: roundMs(rttMs) }),
    })
  }

  succeeded(direct: Connection): void {
    if (!this.#end()) return
    const address = safeAddress(direct.remoteAddr)
    const durationMs = this.#durationMs()
    this.#context.emit({ type: 'punch:succeeded', peerId: this.#peerId, address, durationMs })
    this.#context.clock.after(RELAYED_STAYS_MS, () => this.#closeRelayed())
  }

  /** Tells that it has failed, unless there is a direct connection after all. */
  failed(error: unknown): void {
    const { libp2p, observed, emit, stopping } = this.#context
    const direct = directTo(libp2p, this.#relayed.remotePeer)
    if (direct !== undefined && this.#started) this.succeeded(direct)
    // The other side has found the way by itself, or nobody wants to know any more.
    if (direct !== undefined || stopping.aborted) this.#end()
    this.started()
    if (!this.#end()) return
    const durationMs = this.#durationMs()
    const { cause, hint } = explain(faultOf(error, observed.mapping()), { stage: 'connect' })
    emit({ type: 'punch:failed', peerId: this.#peerId, cause, hint, durationMs })
  }

  #durationMs(): number {
    return elapsedMs(this.#context.clock, this.#since)
  }

  /** @returns false when it was over already */
  #end(): boolean {
    const first = !this.#over
    this.#over = true
    return first
  }

  #closeRelayed(): void {
    const relayed = this.#relayed
    if (relayed.status !== 'open' || directTo(this.#context.libp2p, relayed.remotePeer) === undefined) return
    relayed
      .close({ signal: AbortSignal.timeout(RELAYED_STAYS_MS) })
      .catch(error => relayed.abort(error as Error))
  }
}
