/**
 * Who may come in, asked the moment a socket is accepted: before TLS, WebSocket or libp2p have read a byte of it.
 *
 * The servers are those of Node.js. That of `@libp2p/tcp` is the field `server` of its listener, which its types keep
 * private: the package is pinned.
 */
import type { Server, Socket } from 'node:net'
import type { Listener, Transport } from '@libp2p/interface'
import { ipPortToMultiaddr } from '@libp2p/utils'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'

/** Decides on the sockets that others open. */
export interface Door {
  /** Whether a socket may come in. It takes its place now, and gives it back when it closes. */
  admits(socket: Socket, from: Multiaddr): boolean
  /** Is told of each error of a server, e.g. that it could not accept a connection. */
  acceptFailed(error: NodeJS.ErrnoException): void
}

/** Lets in whoever comes. */
export const OPEN_DOOR: Door = { admits: () => true, acceptFailed: () => {} }

/**
 * Has a server hear of those sockets only that the door admits. The others are closed at once.
 *
 * @param remoteOf where a socket comes from; undefined: it is gone already
 */
export function guardServer(
  server: Server,
  door: Door,
  remoteOf: (socket: Socket) => Multiaddr | undefined,
): void {
  const own = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('error', error => door.acceptFailed(error))
  server.on('connection', (socket: Socket) => {
    // Until somebody reads from it nobody else listens for its errors.
    socket.on('error', () => {})
    leaveOutZone(socket)
    const from = remoteOf(socket)
    if (from === undefined || !door.admits(socket, from)) {
      socket.destroy()
      return
    }
    try {
      for (const listener of own) listener.call(server, socket)
    } catch {
      // libp2p's TCP listener throws for a socket that comes while it closes: here that would end the process.
      socket.destroy()
    }
  })
}

/**
 * Has a socket from a link-local address tell it without its zone (`fe80::1%eth0`, RFC 4007): a multiaddr that has one
 * there is invalid, for us and for libp2p's TCP transport. All of these are one host to us, on whichever link they are.
 */
function leaveOutZone(socket: Socket): void {
  const [address, zone] = socket.remoteAddress?.split('%') ?? []
  if (zone !== undefined) Object.defineProperty(socket, 'remoteAddress', { value: address })
}

/** Guards every listener of libp2p's TCP transport, on ports and on Unix sockets. */
export function guardTcp(transport: Transport, door: Door): void {
  const create = transport.createListener.bind(transport)
  transport.createListener = options => {
    const listener = create(options) as Listener & { server: Server }
    guardServer(listener.server, door, socket => tcpRemote(socket, listener.server))
    return listener
  }
}

function tcpRemote({ remoteAddress, remotePort }: Socket, server: Server): Multiaddr | undefined {
  const place = server.address()
  if (typeof place === 'string') return multiaddr(`/unix/${encodeURIComponent(place)}`)
  return remoteAddress === undefined || remotePort === undefined
    ? undefined
    : ipPortToMultiaddr(remoteAddress, remotePort)
}
