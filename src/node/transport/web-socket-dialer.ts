import type { DialTransportOptions, Transport } from '@libp2p/interface'
import { webSockets } from '@libp2p/websockets'
import type { Multiaddr } from '@multiformats/multiaddr'
import { multiaddrToUri } from '@multiformats/multiaddr-to-uri'
import { WebSocket } from 'ws'
import { isNameScope, type Names } from '../scope/names.ts'
import type { TransportFactory } from './lazy-transport.ts'

/** The longest message that is taken, in bytes: noise has at most 64 KiB of them, and muxers some more. */
const MOST_BYTES = 1024 * 1024
/** A close that has no code: the connection is cut. */
const ABNORMAL = 1006

/** The private part of libp2p's WebSocket transport that is relied on: it opens the socket of a dial. */
interface Dialing extends Transport {
  _connect(address: Multiaddr, options: Pick<DialTransportOptions, 'signal'>): Promise<WebSocket>
}

/** A WebSocket did not open: a refused port, a web page, a bad certificate. */
export class WebSocketFailedError extends Error {
  override readonly name = 'WebSocketFailedError'

  constructor(cause: unknown) {
    super('The WebSocket did not open', { cause })
  }
}

/**
 * libp2p's WebSocket transport with sockets of another kind for its dials. Those that it would open, Node.js's own, look
 * names up by themselves, go on opening after the dial has been given up, and take messages of any length.
 */
export function boundedWebSockets(names: Pick<Names, 'lookupFor'>): TransportFactory {
  return components => {
    const transport = webSockets()(components) as Dialing
    transport._connect = (address, { signal }) => connect(address, signal, names)
    return transport
  }
}

async function connect(
  address: Multiaddr,
  signal: AbortSignal,
  names: Pick<Names, 'lookupFor'>,
): Promise<WebSocket> {
  signal.throwIfAborted()
  const lookup = names.lookupFor(address)
  const socket = new WebSocket(multiaddrToUri(address), {
    maxPayload: MOST_BYTES,
    perMessageDeflate: false,
    ...(lookup !== undefined && { lookup }),
  })
  socket.binaryType = 'arraybuffer'
  const close = socket.close.bind(socket)
  socket.close = (code, reason) => (code === ABNORMAL ? socket.terminate() : close(code, reason))
  const opened = Promise.withResolvers<void>()
  const onAbort = (): void => opened.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  socket.once('open', opened.resolve)
  // Also for later ones: whatever error there is, its end tells of it.
  socket.on('error', error => opened.reject(isNameScope(error) ? error : new WebSocketFailedError(error)))
  try {
    await opened.promise
    return socket
  } catch (error) {
    socket.terminate()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
