import { randomBytes } from 'node:crypto'
import type { Stream } from '@libp2p/interface'
import { type Clock, elapsedMs } from '../../core/clock.ts'
import { closedStream, garbled, type PingLost, timedOut } from './lost.ts'

/** What a ping sends and wants back: https://github.com/libp2p/specs/blob/master/ping/ping.md */
const PAYLOAD_BYTES = 32

interface Exchange {
  payload: Uint8Array
  /** How many bytes have come back. */
  received: number
  /** Monotonic ms. */
  sentAt: number
  settle: (outcome: { rttMs: number } | { lost: PingLost }) => void
}

/**
 * One ping stream, already negotiated: its pings, one at a time. Nothing here touches the connection.
 *
 * A ping that runs out of time leaves the stream listening, but not usable: an answer that still comes belongs to that
 * ping and to no other.
 */
export class PingStream {
  /** Called when the answer to a ping that had run out of time came after all. */
  onLate: (rttMs: number) => void = () => {}
  readonly #stream: Stream
  readonly #clock: Clock
  #waiting: Exchange | undefined
  #state: 'usable' | 'late' | 'ended' = 'usable'

  constructor(stream: Stream, clock: Clock) {
    this.#stream = stream
    this.#clock = clock
    stream.addEventListener('message', ({ data }) => this.#take(data.subarray()))
    stream.addEventListener('remoteCloseWrite', () => this.#end())
    stream.addEventListener('close', ({ error }) => this.#end(error))
    if (stream.status !== 'open' || stream.remoteWriteStatus === 'closed') this.#end()
  }

  /** True: a ping can be sent. */
  get usable(): boolean {
    return this.#state === 'usable'
  }

  /**
   * Sends 32 random bytes and waits for the last of them to be back.
   *
   * @returns the round trip in ms with microsecond digits
   * @throws {PingLost}
   */
  async ping(timeoutMs: number): Promise<number> {
    if (!this.usable) throw closedStream()
    const { promise, resolve } = Promise.withResolvers<Parameters<Exchange['settle']>[0]>()
    const payload = new Uint8Array(randomBytes(PAYLOAD_BYTES))
    const exchange: Exchange = { payload, received: 0, sentAt: 0, settle: resolve }
    this.#waiting = exchange
    const cancelTimeout = this.#clock.after(timeoutMs, () => this.#expire(exchange, timeoutMs))
    try {
      exchange.sentAt = this.#clock.monotonic()
      this.#stream.send(payload)
    } catch (error) {
      this.#end(error)
    }
    const outcome = await promise
    cancelTimeout()
    if ('lost' in outcome) throw outcome.lost
    return outcome.rttMs
  }

  /** Ends the stream at once. The other side sees a reset of this stream alone. */
  drop(): void {
    this.#settleEnd()
    this.#stream.abort(new Error('ping stream dropped'))
  }

  #expire(exchange: Exchange, timeoutMs: number): void {
    this.#state = 'late'
    const { sentAt } = exchange
    exchange.settle({ lost: timedOut(timeoutMs) })
    exchange.settle = outcome => {
      if ('rttMs' in outcome) this.onLate(elapsedMs(this.#clock, sentAt))
    }
  }

  #take(bytes: Uint8Array): void {
    const exchange = this.#waiting
    if (exchange === undefined) {
      // Nobody asked: what comes next on this stream could not be told from an answer.
      if (this.#state !== 'ended') this.drop()
      return
    }
    const expected = exchange.payload.subarray(exchange.received, exchange.received + bytes.byteLength)
    if (bytes.byteLength > expected.byteLength || !bytes.every((byte, index) => byte === expected[index])) {
      this.#waiting = undefined
      this.drop()
      exchange.settle({ lost: garbled() })
      return
    }
    exchange.received += bytes.byteLength
    if (exchange.received < PAYLOAD_BYTES) return
    const rttMs = elapsedMs(this.#clock, exchange.sentAt)
    this.#waiting = undefined
    exchange.settle({ rttMs })
    if (!this.usable) this.drop()
  }

  #end(cause?: unknown): void {
    if (this.#state === 'ended') return
    this.#settleEnd(cause)
    this.#stream.close().catch(error => this.#stream.abort(error))
  }

  #settleEnd(cause?: unknown): void {
    this.#state = 'ended'
    const exchange = this.#waiting
    this.#waiting = undefined
    exchange?.settle({ lost: closedStream(cause) })
  }
}
