import type { Connection, Libp2p, PeerId } from '@libp2p/interface'
import { PING_PROTOCOL } from '@libp2p/ping'
import type { Cancel, Clock } from '../../core/clock.ts'
import type { Result } from '../../core/requests.ts'
import { disconnected, notConnected, notOpened, PingLost, timedOut } from './lost.ts'
import { PingStream } from './ping-stream.ts'

/** How long an answer that is out of time is still waited for, in ms: some peers take 15 s. */
const LATE_MS = 15_000

/** What pinging one peer works with; an answer may take `timeoutMs`. */
export interface PeerPingerOptions {
  libp2p: Pick<Libp2p, 'getConnections'>
  clock: Clock
  timeoutMs: number
}

/** Called with each round trip that was measured; `cold`: the first on its stream. */
type OnRtt = (rttMs: number, cold: boolean) => void

/**
 * The pings of one peer, one at a time, over one stream that stays open. At most one more stream exists: that of a
 * ping that ran out of time, kept for a while to see whether the answer is late or never comes.
 */
export class PeerPinger {
  readonly #peerId: PeerId
  readonly #options: PeerPingerOptions
  /** Connections on which the peer has said that it does not speak ping. */
  readonly #mute = new WeakSet<Connection>()
  #stream: PingStream | undefined
  #late: { stream: PingStream; cancel: Cancel } | undefined
  /** How long the latest late answer took, in ms, until one comes in time again. */
  #slowMs: number | undefined
  #opening: AbortController | undefined
  #ended = false

  constructor(peerId: PeerId, options: PeerPingerOptions) {
    this.#peerId = peerId
    this.#options = options
  }

  /** False: nothing is connected, or the peer has said on every connection that it does not speak ping. */
  get worthAsking(): boolean {
    return this.#connections().some(connection => !this.#mute.has(connection))
  }

  /**
   * One round trip on the stream that is open; on a new stream two, of which the first is cold. Must not be called
   * again before it has settled.
   *
   * @returns the last round trip
   * @throws {PingLost}
   */
  async ping(onRtt: OnRtt): Promise<Result<'ping'>> {
    if (this.#ended) throw disconnected()
    try {
      return (await this.#onOpenStream(onRtt)) ?? (await this.#onNewStream(onRtt))
    } catch (error) {
      const gone = this.#ended || this.#connections().length === 0
      if (gone && error instanceof PingLost && error.kind !== 'unreachable') throw disconnected()
      throw error
    }
  }

  /** Ends the streams; a ping under way fails. */
  end(): void {
    this.#ended = true
    this.#opening?.abort()
    this.#stream?.drop()
    this.#dropLate()
  }

  /** Undefined: there is no stream, or it had worked and is closed now, which a new one makes good. */
  async #onOpenStream(onRtt: OnRtt): Promise<Result<'ping'> | undefined> {
    const stream = this.#stream
    if (stream?.usable !== true) return undefined
    return this.#unlessClosed(this.#measure(stream, false, onRtt))
  }

  async #onNewStream(onRtt: OnRtt): Promise<Result<'ping'>> {
    const stream = await this.#open()
    this.#stream = stream
    const cold = await this.#measure(stream, true, onRtt)
    // Some peers answer once a stream: they have answered.
    return (await this.#unlessClosed(this.#measure(stream, false, onRtt))) ?? cold
  }

  async #unlessClosed(measured: Promise<Result<'ping'>>): Promise<Result<'ping'> | undefined> {
    try {
      return await measured
    } catch (error) {
      if (error instanceof PingLost && error.kind === 'closed' && !this.#ended) return undefined
      throw error
    }
  }

  async #measure(stream: PingStream, cold: boolean, onRtt: OnRtt): Promise<Result<'ping'>> {
    const { timeoutMs } = this.#options
    try {
      const rttMs = await stream.ping(timeoutMs)
      this.#slowMs = undefined
      onRtt(rttMs, cold)
      return { rttMs, cold }
    } catch (error) {
      if (!(error instanceof PingLost) || error.kind !== 'timeout') throw error
      const slowMs = this.#slowMs
      this.#keepLate(stream)
      throw timedOut(timeoutMs, slowMs)
    }
  }

  async #open(): Promise<PingStream> {
    const connection = this.#connections().toSorted((a, b) => this.#rank(a) - this.#rank(b))[0]
    if (connection === undefined) throw notConnected()
    const { clock, timeoutMs } = this.#options
    const opening = new AbortController()
    this.#opening = opening
    let outOfTime = false
    const cancelTimeout = clock.after(timeoutMs, () => {
      outOfTime = true
      opening.abort()
    })
    try {
      const options = { signal: opening.signal, runOnLimitedConnection: true }
      const stream = new PingStream(await connection.newStream(PING_PROTOCOL, options), clock)
      if (this.#ended) stream.drop()
      this.#mute.delete(connection)
      return stream
    } catch (error) {
      const lost = notOpened(error, outOfTime)
      if (lost.kind === 'unsupported') this.#mute.add(connection)
      throw lost
    } finally {
      cancelTimeout()
      this.#opening = undefined
    }
  }

  /** Those that can carry a ping. */
  #connections(): Connection[] {
    return this.#options.libp2p.getConnections(this.#peerId).filter(({ status }) => status === 'open')
  }

  /** Direct connections before relayed ones, those that speak ping before those that do not. */
  #rank(connection: Connection): number {
    return (connection.limits === undefined ? 0 : 1) + (this.#mute.has(connection) ? 2 : 0)
  }

  #keepLate(stream: PingStream): void {
    this.#dropLate()
    this.#stream = undefined
    stream.onLate = rttMs => {
      this.#slowMs = rttMs
    }
    this.#late = { stream, cancel: this.#options.clock.after(LATE_MS, () => this.#dropLate()) }
  }

  #dropLate(): void {
    this.#late?.cancel()
    this.#late?.stream.drop()
    this.#late = undefined
  }
}
