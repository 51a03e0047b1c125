import { createServer } from 'node:net'
import type { Connection, DialTransportOptions } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import type { Multiaddr } from '@multiformats/multiaddr'
import { seen } from '../errors/seen.ts'
import { isPublic } from '../relays/punch/public-addresses.ts'
import type { TransportFactory } from './lazy-transport.ts'

/** The system's words for "this port is somebody else's" and "there is a connection of these two ports already". */
const TAKEN = 'EADDRINUSE'
const NO_USE = new Set([TAKEN, 'EADDRNOTAVAIL', 'EACCES', 'EINVAL'])

/**
 * One local TCP port that all dials to public addresses come from.
 *
 * A router that translates addresses remembers a connection by its local port. Only what comes from the port of a
 * connection that a peer outside has seen passes through the hole that this peer can name to others: without it no
 * hole can be punched. Nothing listens there, since Node.js cannot dial from a port that is listened on. Where the
 * system lets one connection only have the port (it is Linux that lets many), the others come from any port, as ever.
 */
export class SharedPort {
  readonly #dialed = new WeakMap<Connection, number>()
  #port: Promise<number> | undefined

  /** The shared port that a connection was dialed from; undefined: it came from any other. */
  portOf(connection: Connection): number | undefined {
    return this.#dialed.get(connection)
  }

  /** libp2p's TCP transport, dialing from here. */
  tcp(): TransportFactory {
    return components => {
      const transport = tcp()(components)
      const dial = transport.dial.bind(transport)
      transport.dial = (address, options) =>
        isPublic(address) ? this.#dialFromHere(address, options, dial) : dial(address, options)
      return transport
    }
  }

  async #dialFromHere(
    address: Multiaddr,
    options: DialTransportOptions,
    dial: (address: Multiaddr, options: DialTransportOptions) => Promise<Connection>,
  ): Promise<Connection> {
    this.#port ??= freePort()
    const port = await this.#port
    try {
      const connection = await dial(address, { ...options, localPort: port } as DialTransportOptions)
      this.#dialed.set(connection, port)
      return connection
    } catch (error) {
      const { code } = seen(error)
      if (!NO_USE.has(code)) throw error
      if (code === TAKEN) this.#port = undefined
      return await dial(address, options)
    }
  }
}

/** A port that nobody has, of IPv4 and, where there is IPv6, of that too. */
function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
