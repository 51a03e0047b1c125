import { createServer } from 'node:net'
import type { Connection, DialTransportOptions } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import type { Multiaddr } from '@multiformats/multiaddr'
import { seen } from '../errors/seen.ts'
import { isPublic } from '../relays/punch/public-addresses.ts'
import type { Names } from '../scope/names.ts'
import { type Door, guardTcp } from './door.ts'
import type { TransportFactory } from './lazy-transport.ts'

/**
 * The system's words for: somebody else has this port; there is, or was a moment ago, a connection with the same two
 * ends; this port may not be had at all.
 */
const NO_USE = new Set(['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'EINVAL'])

type Dial = (address: Multiaddr, options: DialTransportOptions) => Promise<Connection>

/**
 * One local TCP port that all dials to public addresses come from.
 *
 * A router that translates addresses remembers a connection by its local port. Only what comes from the port of a
 * connection that a peer outside has seen passes through the hole that this peer can name to others: without it no
 * hole can be punched. Nothing listens there, since Node.js cannot dial from a port that is listened on. A dial that
 * cannot come from it takes another, which is the shared one from then on. (It is Linux that lets many connections have
 * one port. Where only one may, each has its own.)
 */
export class SharedPort {
  readonly #names: Pick<Names, 'lookupFor'> | undefined
  readonly #dialed = new WeakMap<Connection, number>()
  #choosing: Promise<void> | undefined
  #port: number | undefined

  /** @param names looks up those in addresses. @default the system does */
  constructor(names?: Pick<Names, 'lookupFor'>) {
    this.#names = names
  }

  /** Undefined: nobody has dialed yet, or no port can be had. */
  get current(): number | undefined {
    return this.#port
  }

  /** Whether a connection was dialed from the port that is shared now. */
  carries(connection: Connection): boolean {
    return this.#port !== undefined && this.#dialed.get(connection) === this.#port
  }

  /** libp2p's TCP transport, dialing from here; sockets that others open go through the door. */
  tcp(door: Door): TransportFactory {
    return components => {
      const transport = tcp()(components)
      guardTcp(transport, door)
      const dial = transport.dial.bind(transport)
      transport.dial = (address, dialing) => {
        const lookup = this.#names?.lookupFor(address)
        // TCP hands to the socket whatever it is given.
        const options = lookup === undefined ? dialing : Object.assign({ lookup }, dialing)
        return isPublic(address) ? this.#dialFromHere(address, options, dial) : dial(address, options)
      }
      return transport
    }
  }

  async #dialFromHere(address: Multiaddr, options: DialTransportOptions, dial: Dial): Promise<Connection> {
    this.#choosing ??= freePort().then(port => {
      this.#port = port
    })
    await this.#choosing
    const from = async (port: number | undefined): Promise<Connection> => {
      const connection = await dial(address, { ...options, localPort: port } as DialTransportOptions)
      if (port !== undefined) this.#dialed.set(connection, port)
      return connection
    }
    try {
      return await from(this.#port)
    } catch (error) {
      if (!NO_USE.has(seen(error).code)) throw error
      const another = await freePort()
      const connection = await from(another)
      this.#port = another
      return connection
    }
  }
}

/** A port that nobody has, of IPv4 and, where there is IPv6, of that too; undefined where none can be had. */
function freePort(): Promise<number | undefined> {
  const server = createServer()
  return new Promise(resolve => {
    server.once('error', () => resolve(undefined))
    server.listen(0, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined))
    })
  })
}
