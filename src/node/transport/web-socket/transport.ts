import {
  type Connection,
  type CreateListenerOptions,
  type DialTransportOptions,
  type Listener,
  type Logger,
  serviceCapabilities,
  type Transport,
  transportSymbol,
} from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Names } from '../../scope/names.ts'
import type { Door } from '../door.ts'
import type { TransportFactory } from '../lazy-transport.ts'
import { openWebSocket } from './dial.ts'
import { WebSocketListener } from './listener.ts'

/**
 * Our own WebSocket transport. That of libp2p takes messages of 100 MiB, waits for ever for the first byte, cannot end a
 * connection whose other side does not answer, nor one that fails in its handshake, and does not know of a reader that
 * is slow (docs/upstream/libp2p-websockets-limits.md).
 *
 * @param door is asked about each socket that others open
 * @param names looks up those in addresses that are dialed
 */
export function webSockets(door: Door, names: Pick<Names, 'lookupFor'>): TransportFactory {
  return ({ logger }) => new WebSocketTransport(logger.forComponent('libp2p:websockets'), door, names)
}

class WebSocketTransport implements Transport {
  readonly [transportSymbol] = true
  readonly [serviceCapabilities] = ['@libp2p/transport']
  readonly [Symbol.toStringTag] = 'p2p-tui/web-socket'
  readonly #log: Logger
  readonly #door: Door
  readonly #names: Pick<Names, 'lookupFor'>

  constructor(log: Logger, door: Door, names: Pick<Names, 'lookupFor'>) {
    this.#log = log
    this.#door = door
    this.#names = names
  }

  /** Addresses are chosen by whoever loads this (`TransportKind`). */
  dialFilter(addresses: Multiaddr[]): Multiaddr[] {
    return addresses
  }

  listenFilter(addresses: Multiaddr[]): Multiaddr[] {
    return addresses
  }

  async dial(address: Multiaddr, options: DialTransportOptions): Promise<Connection> {
    const raw = await openWebSocket(address, {
      signal: options.signal,
      lookup: this.#names.lookupFor(address),
      log: this.#log.newScope('connection'),
    })
    try {
      return await options.upgrader.upgradeOutbound(raw, options)
    } catch (error) {
      raw.abort(error instanceof Error ? error : new Error('The upgrade failed', { cause: error }))
      throw error
    }
  }

  createListener({ upgrader }: CreateListenerOptions): Listener {
    return new WebSocketListener({ upgrader, door: this.#door, log: this.#log.newScope('connection') })
  }
}
