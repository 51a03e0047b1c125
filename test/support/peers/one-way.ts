import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'

/**
 * A way to a UDP port over which one packet gets, and none back: a QUIC handshake over it begins and never goes on.
 */
export class OneWay implements Disposable {
  readonly #socket = createSocket('udp4')
  /** Bytes that got through. */
  bytes = 0
  /** Settles when the packet has been sent on. */
  readonly passed: Promise<void>
  /** Settles when somebody has answered it. */
  readonly answered: Promise<void>

  private constructor(to: { address: string; port: number }) {
    const [passed, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    this.passed = passed.promise
    this.answered = answered.promise
    this.#socket.on('error', () => {})
    this.#socket.on('message', (packet, from) => {
      if (from.port === to.port && from.address === to.address) answered.resolve()
      else if (this.bytes === 0) {
        this.bytes = packet.length
        this.#socket.send(packet, to.port, to.address, () => passed.resolve())
      }
    })
  }

  /** @param at the address at which it is entered, and from which it comes out */
  static async open(at: string, to: { address: string; port: number }): Promise<OneWay> {
    const way = new OneWay(to)
    way.#socket.bind(0, at)
    await once(way.#socket, 'listening')
    return way
  }

  /** Where it is entered. */
  get address(): Multiaddr {
    const { address, port } = this.#socket.address()
    return multiaddr(`/ip4/${address}/udp/${port}/quic-v1`)
  }

  [Symbol.dispose](): void {
    this.#socket.close()
  }
}
