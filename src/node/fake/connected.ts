import { say } from '../../core/safe-text.ts'
import type { FakeConnection, FakeNetwork } from './network.ts'
import type { FakePings } from './pings.ts'
import type { Random } from './random.ts'
import type { Timers } from './timers.ts'

const IDENTIFY = say`/ipfs/id/1.0.0`
/** How often a connected peer is pinged, and pings us. */
const PING_EACH_MS = 5000

/** What goes on over a connection as long as it is open. */
export class ConnectedLife {
  readonly #network: FakeNetwork
  readonly #timers: Timers
  readonly #pings: FakePings
  readonly #random: Random

  constructor(network: FakeNetwork, timers: Timers, pings: FakePings, random: Random) {
    this.#network = network
    this.#timers = timers
    this.#pings = pings
    this.#random = random
  }

  /** Identify, a round trip after it opened. */
  begin = (connection: FakeConnection): void => {
    const stream = this.#network.openStream(connection, IDENTIFY)
    this.#timers.after(this.#pings.rtt(connection.peer), () => {
      if (!this.#isOpen(connection)) return
      this.#network.closeStream(connection, stream)
      this.#network.identified(connection)
    })
  }

  /** {@link begin}, and then pings both ways and streams that come and go. */
  beginLively = (connection: FakeConnection): void => {
    this.begin(connection)
    const random = this.#random.fork()
    this.#again(
      connection,
      () => random.between(0.8, 1.2) * PING_EACH_MS,
      () => this.#pings.ping(connection.peer),
    )
    this.#again(
      connection,
      () => random.between(1.5, 2.5) * PING_EACH_MS,
      () =>
        this.#network.emit({
          type: 'ping:answered',
          peerId: connection.peer.peerId,
          connectionId: connection.connectionId,
        }),
    )
    this.#again(
      connection,
      () => random.between(4000, 20_000),
      () => this.#talk(connection, random),
    )
  }

  /** A stream of one of the peer's protocols, for some seconds. */
  #talk(connection: FakeConnection, random: Random): void {
    const [, , ...own] = connection.peer.protocols
    const protocol = own[random.whole(0, own.length)]
    if (protocol === undefined) return
    const direction = random.chance(0.5) ? 'inbound' : 'outbound'
    const stream = this.#network.openStream(connection, protocol, direction)
    this.#timers.after(random.between(1000, 15_000), () => this.#network.closeStream(connection, stream))
  }

  /** Does something again and again until the connection is closed. */
  #again(connection: FakeConnection, delayMs: () => number, task: () => void): void {
    this.#timers.after(delayMs(), () => {
      if (!this.#isOpen(connection)) return
      task()
      this.#again(connection, delayMs, task)
    })
  }

  #isOpen({ connectionId }: FakeConnection): boolean {
    return this.#network.connections.has(connectionId)
  }
}
