import type { PeerId, Stream } from '@libp2p/interface'
import { elapsedMs } from '../../../core/clock.ts'
import { formatBytes, formatDuration } from '../../../core/format.ts'
import { type SafeText, safeText, say } from '../../../core/safe-text.ts'
import { closeReason } from '../../bus/close-reason.ts'
import { whenClosed } from '../../closing.ts'
import type { RelayServerOptions } from '../../options.ts'
import { observe } from '../../taps/traffic-tap.ts'
import type { RelayContext } from '../relay-context.ts'

/** Bytes that wait for one side to take them, before the other side has to wait, too. */
const MOST_WAITING = 256 * 1024

/** Who dialed, and who was dialed: the holder of a reservation. */
export interface CircuitEnds {
  from: PeerId
  to: PeerId
}

/** One connection that goes through this relay. libp2p passes its bytes on; here they are counted, and its limits kept. */
export class Circuit {
  readonly #context: RelayContext
  readonly #limits: RelayServerOptions
  readonly #names: { circuitId: SafeText; peerId: SafeText; toPeerId: SafeText }
  readonly #carried = { bytesTo: 0, bytesBack: 0 }
  /** What was told last, both ways. */
  #told = 0
  #reason: SafeText | undefined

  constructor(id: string, ends: CircuitEnds, context: RelayContext, limits: RelayServerOptions) {
    this.#context = context
    this.#limits = limits
    this.#names = {
      circuitId: safeText(id),
      peerId: safeText(ends.from.toString()),
      toPeerId: safeText(ends.to.toString()),
    }
  }

  /** Tells what was carried so far, if that is more than it was. */
  measure(): void {
    const { bytesTo, bytesBack } = this.#carried
    if (bytesTo + bytesBack === this.#told) return
    this.#told = bytesTo + bytesBack
    this.#context.emit({ type: 'circuit:measured', ...this.#names, ...this.#carried })
  }

  /** Watches the streams to both until they are closed, and cuts them when a limit is reached. Never rejects. */
  async watch(dialer: Stream, holder: Stream): Promise<void> {
    const { clock, emit } = this.#context
    const { connectionBytes, connectionMs } = this.#limits
    const since = clock.monotonic()
    emit({
      type: 'circuit:opened',
      ...this.#names,
      limitBytes: connectionBytes,
      limitMs: connectionMs,
    })
    const cut = (reason: SafeText): void => {
      this.#reason ??= reason
      for (const stream of [dialer, holder]) stream.abort(new Error(reason))
    }
    const count = (way: 'bytesTo' | 'bytesBack', bytes: number): void => {
      this.#carried[way] += bytes
      if (this.#carried[way] > connectionBytes) {
        cut(say`it reached its limit of ${formatBytes(connectionBytes)}`)
      }
    }
    // Before the counts: what is cut off must not be paused.
    inStep(dialer, holder)
    inStep(holder, dialer)
    observe(dialer, [{ received: bytes => count('bytesTo', bytes) }])
    observe(holder, [{ received: bytes => count('bytesBack', bytes) }])
    const cancel = clock.after(connectionMs, () =>
      cut(say`it reached its limit of ${formatDuration(connectionMs)}`),
    )
    await Promise.all([dialer, holder].map(stream => this.#closed(stream)))
    cancel()
    emit({
      type: 'circuit:closed',
      ...this.#names,
      ...this.#carried,
      reason: this.#reason ?? say`one of the peers closed it`,
      durationMs: elapsedMs(clock, since),
    })
  }

  #closed(stream: Stream): Promise<void> {
    return new Promise(resolve => {
      whenClosed(stream, error => {
        if (error !== undefined) this.#reason ??= reasonOf(error)
        resolve()
      })
    })
  }
}

/**
 * Reads from one stream no faster than the other takes it. libp2p passes on what comes and keeps in memory what is not
 * taken, however much that is.
 */
function inStep(from: Stream, to: Stream): void {
  /** Received, and not handed to the other stream yet. */
  let between = 0
  const look = (): void => {
    const waiting = between + to.writeBufferLength
    // Both throw on a stream that is closing.
    if (waiting > MOST_WAITING && from.readStatus === 'readable') from.pause()
    else if (waiting <= MOST_WAITING / 2 && from.readStatus === 'paused') from.resume()
  }
  const received = (bytes: number): void => {
    between += bytes
    look()
  }
  const sent = (bytes: number): void => {
    between -= bytes
    look()
  }
  observe(from, [{ received }])
  observe(to, [{ sent }])
  // What waits there is sent on right after the one, and is all sent at the other.
  to.addEventListener('drain', () => setImmediate(look))
  to.addEventListener('idle', look)
}

/** What libp2p aborts with where we have not: the end of the reservation, or of the whole server. */
function reasonOf(error: unknown): SafeText {
  const { name } = error as Error
  if (name === 'DurationLimitError') return say`the reservation expired`
  return closeReason(error, say`one of the peers closed it`)
}
