import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import {
  type CreateListenerOptions,
  type Listener,
  type ListenerEvents,
  type Logger,
  TypedEventEmitter,
} from '@libp2p/interface'
import { getNetConfig, getThinWaistAddresses, ipPortToMultiaddr } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Door, guardServer } from '../door.ts'
import { WEB_SOCKET_OPTIONS, WebSocketConnection } from './raw-connection.ts'

/** The longest head of a request, in bytes. */
const MAX_HEAD_BYTES = 8 * 1024

interface Options extends Pick<CreateListenerOptions, 'upgrader'> {
  door: Door
  log: Logger
}

/** Listens for WebSockets (RFC 6455) on a TCP port. Whatever else is asked there is answered with 400. */
export class WebSocketListener extends TypedEventEmitter<ListenerEvents> implements Listener {
  readonly #options: Options
  readonly #http: Server
  readonly #webSockets = new WebSocketServer({
    ...WEB_SOCKET_OPTIONS,
    noServer: true,
    clientTracking: false,
  })
  /** Sockets that are open, whatever is spoken over them. */
  readonly #sockets = new Set<Socket>()
  readonly #closing = new AbortController()
  #address: Multiaddr | undefined

  constructor(options: Options) {
    super()
    this.#options = options
    this.#http = createServer({ maxHeaderSize: MAX_HEAD_BYTES, keepAlive: true, noDelay: true }, refuse)
    this.#http.on('connection', (socket: Socket) => this.#accepted(socket))
    guardServer(this.#http, options.door, remoteOf)
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket as Socket, head))
  }

  async listen(address: Multiaddr): Promise<void> {
    const { host, port, type } = getNetConfig(address)
    this.#address = address
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject)
      this.#http.listen({ host, port, ipv6Only: type === 'ip6' }, () => {
        this.#http.off('error', reject)
        resolve()
      })
    })
    this.#http.on('error', error => this.safeDispatchEvent('error', { detail: error }))
    this.safeDispatchEvent('listening')
  }

  getAddrs(): Multiaddr[] {
    const place = this.#http.address()
    if (this.#address === undefined || place === null || typeof place === 'string') return []
    return getThinWaistAddresses(this.#address, place.port).map(address => address.encapsulate('/ws'))
  }

  async close(): Promise<void> {
    if (!this.#http.listening) return
    this.#closing.abort()
    const closed = new Promise(resolve => this.#http.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    this.#webSockets.close()
    await closed
    this.safeDispatchEvent('close')
  }

  updateAnnounceAddrs(): void {
    // Nothing depends on what others are told.
  }

  #accepted(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    this.#webSockets.handleUpgrade(request, socket, head, webSocket => this.#opened(webSocket, socket))
  }

  #opened(webSocket: WebSocket, socket: Socket): void {
    const { upgrader, log } = this.#options
    const remoteAddr = remoteOf(socket)
    if (remoteAddr === undefined) {
      webSocket.terminate()
      return
    }
    const raw = new WebSocketConnection({ webSocket, socket, remoteAddr, direction: 'inbound', log })
    upgrader.upgradeInbound(raw, { signal: this.#closing.signal }).catch(error => raw.abort(error))
  }
}

/** Undefined: the socket is gone already. */
function remoteOf({ remoteAddress, remotePort }: Socket): Multiaddr | undefined {
  if (remoteAddress === undefined || remotePort === undefined) return undefined
  return ipPortToMultiaddr(remoteAddress, remotePort).encapsulate('/ws')
}

function refuse(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(400, { connection: 'close', 'content-type': 'text/plain' })
  response.end('Only WebSocket is spoken here\n')
}
