import type { Cancel } from '../../core/clock.ts'
import type { Id } from '../../core/events.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { FakePeer } from './cast.ts'
import type { FakeConnection, FakeNetwork } from './network.ts'
import { micros, type Random } from './random.ts'
import type { Timers } from './timers.ts'

const PING = '/ipfs/ping/1.0.0' as SafeText
/** A lost ping is given up after so long. */
const TIMEOUT_MS = 5000
const KEPT_MS = 1000

/** An answered ping; `cold`: the first on its stream. */
export interface Pong {
  rttMs: number
  cold: boolean
}

/** The node's pings: on request, kept up, and of each connected peer at an interval. */
export class FakePings {
  readonly #network: FakeNetwork
  readonly #timers: Timers
  readonly #random: Random
  readonly #kept = new Map<SafeText, Cancel>()
  /** Connections whose ping stream is warm. */
  readonly #warm = new WeakSet<FakeConnection>()

  constructor(network: FakeNetwork, timers: Timers, random: Random) {
    this.#network = network
    this.#timers = timers
    this.#random = random
  }

  /** One ping. `done` gets the pong, or nothing if the ping was lost or there is no connection any more. */
  ping(peer: FakePeer, done: (pong: Pong | undefined) => void = () => {}, requestId?: Id): Cancel {
    const connection = this.#network.connectionsOf(peer)[0]
    const cold = connection === undefined || !this.#warm.has(connection)
    if (connection !== undefined && cold) {
      this.#warm.add(connection)
      this.#network.openStream(connection, PING)
    }
    const lost = this.#random.chance(peer.loss)
    const rttMs = this.rtt(peer) * (cold ? 2 : 1)
    const caused = requestId === undefined ? {} : { requestId }
    return this.#timers.after(lost ? TIMEOUT_MS : rttMs, () => {
      const { peerId } = peer
      if (this.#network.connectionsOf(peer).length === 0) {
        this.#network.emit({
          type: 'ping:failed',
          ...caused,
          peerId,
          kind: 'closed',
          cause: say`The connection is closed`,
        })
        return done(undefined)
      }
      if (lost) {
        const cause = say`No answer within ${TIMEOUT_MS / 1000} s`
        this.#network.emit({ type: 'ping:failed', ...caused, peerId, kind: 'timeout', cause })
        return done(undefined)
      }
      this.#network.emit({ type: 'ping:succeeded', ...caused, peerId, rttMs: micros(rttMs), cold })
      done({ rttMs: micros(rttMs), cold })
    })
  }

  /** Starts or ends pinging a peer once a second; pings rest while it is not connected. */
  keep(peer: FakePeer, on: boolean, requestId?: Id): void {
    const caused = requestId === undefined ? {} : { requestId }
    const { peerId } = peer
    const stop = this.#kept.get(peerId)
    if (on === (stop !== undefined)) return
    if (stop !== undefined) {
      stop()
      this.#kept.delete(peerId)
      this.#network.emit({ type: 'ping:stopped', ...caused, peerId })
      return
    }
    this.#network.emit({ type: 'ping:started', ...caused, peerId, intervalMs: KEPT_MS })
    const next = (): void => {
      if (this.#network.connectionsOf(peer).length > 0) this.ping(peer)
    }
    next()
    this.#kept.set(peerId, this.#timers.every(KEPT_MS, next))
  }

  /** Around the peer's typical RTT, never far below, sometimes far above, as queues are. */
  rtt(peer: FakePeer): number {
    return peer.rttMs * Math.exp(0.12 * this.#random.normal()) + (this.#random.chance(0.03) ? peer.rttMs : 0)
  }
}
