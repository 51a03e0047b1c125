import type { IncomingMessage } from 'node:http'
import type { LookupFunction } from 'node:net'
import type { Logger } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { WebSocket } from 'ws'
import { isNameScope } from '../../scope/names.ts'
import { WEB_SOCKET_OPTIONS, WebSocketConnection } from './raw-connection.ts'

const FAMILIES: Readonly<Record<string, 4 | 6>> = { ip4: 4, dns4: 4, ip6: 6, dns6: 6 }

/** What a dial goes with. */
interface Dialing {
  signal: AbortSignal
  /** Looks up the name in the address. Undefined: the system does. */
  lookup: LookupFunction | undefined
  log: Logger
}

/**
 * Opens a WebSocket to an address.
 *
 * @throws the signal's reason; the system's error, with its code; {@link WebSocketFailedError}
 */
export function openWebSocket(
  address: Multiaddr,
  { signal, lookup, log }: Dialing,
): Promise<WebSocketConnection> {
  signal.throwIfAborted()
  const { url, servername, family } = targetOf(address)
  const webSocket = new WebSocket(url, {
    ...WEB_SOCKET_OPTIONS,
    followRedirects: false,
    ...(servername !== undefined && { servername }),
    ...(family !== undefined && { family }),
    ...(lookup !== undefined && { lookup }),
  })
  return new Promise<WebSocketConnection>((resolve, reject) => {
    // Its own handler of errors stays: an aborted handshake is an error, too.
    webSocket.on('error', error =>
      reject(isSystems(error) || isNameScope(error) ? error : new WebSocketFailedError(error)),
    )
    const onAbort = (): void => {
      reject(signal.reason)
      webSocket.terminate()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    webSocket.once('close', () => signal.removeEventListener('abort', onAbort))
    webSocket.once('upgrade', ({ socket }: IncomingMessage) => {
      webSocket.once('open', () => {
        signal.removeEventListener('abort', onAbort)
        // At once: what the other side has sent already is told next.
        resolve(
          new WebSocketConnection({ webSocket, socket, remoteAddr: address, direction: 'outbound', log }),
        )
      })
    })
  })
}

/** Where a multiaddr leads: `/dns4/example.org/tcp/443/tls/ws` is `wss://example.org:443/`. */
function targetOf(address: Multiaddr): { url: URL; servername?: string; family?: 4 | 6 } {
  const components = address.getComponents()
  const value = (name: string): string | undefined =>
    components.find(component => component.name === name)?.value
  const host = components.find(({ name }) => /^(ip[46]|dns[46]?)$/.test(name))
  const secure = components.some(({ name }) => name === 'tls' || name === 'wss')
  const name = host?.name === 'ip6' ? `[${host.value}]` : (host?.value ?? '')
  const path = value('http-path')
  const url = new URL(`${secure ? 'wss' : 'ws'}://${name}:${value('tcp') ?? ''}`)
  if (path !== undefined) url.pathname = decodeURIComponent(path)
  const servername = value('sni')
  const family = FAMILIES[host?.name ?? '']
  return { url, ...(servername !== undefined && { servername }), ...(family !== undefined && { family }) }
}

/** What answered opens no WebSocket: a web page, a bad certificate, another protocol. */
export class WebSocketFailedError extends Error {
  override readonly name = 'WebSocketFailedError'

  constructor(cause: Error) {
    super(cause.message, { cause })
  }
}

/** Whether it is about the way there, as for TCP: a refused port, an unknown name. */
function isSystems(error: NodeJS.ErrnoException): boolean {
  return error.syscall !== undefined && error.code !== 'EPROTO'
}
