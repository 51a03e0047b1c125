import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { multiaddr } from '@multiformats/multiaddr'
import { onTestFinished } from 'vitest'

/** A socket of somebody who does what nobody should. It is closed after the test. */
export interface RawSocket {
  socket: Socket
  /** Settles when the other side has closed it. */
  closed: Promise<unknown>
  /** What the other side has said so far. */
  said(): string
}

/**
 * Connects to a listener, over TCP or a Unix socket, and says nothing.
 *
 * @param from the loopback address that it comes from, e.g. 127.0.0.7: each is a host of its own
 */
export async function openRaw(address: string, from?: string): Promise<RawSocket> {
  const components = multiaddr(address).getComponents()
  const value = (name: string) => components.find(component => component.name === name)?.value
  const path = value('unix')
  const socket =
    path !== undefined
      ? connect(path.startsWith('/') ? path : decodeURIComponent(path))
      : connect({
          host: value('ip4') ?? value('ip6') ?? '',
          port: Number(value('tcp')),
          ...(from !== undefined && { localAddress: from }),
        })
  onTestFinished(() => void socket.destroy())
  // Whoever is turned away at accept sees a reset; that is no matter of the test.
  socket.on('error', () => {})
  let said = ''
  socket.on('data', data => {
    said += data.toString('latin1')
  })
  const closed = new Promise(resolve => socket.once('close', resolve))
  await Promise.race([once(socket, 'connect'), closed])
  return { socket, closed, said: () => said }
}

/** Asks for a WebSocket (RFC 6455, section 4.1). */
export const WEB_SOCKET_REQUEST = [
  'GET / HTTP/1.1',
  'Host: node.example',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '',
  '',
].join('\r\n')

/** The head of a masked binary frame of so many bytes, none of which follow (RFC 6455, section 5.2). */
export function frameHead(bytes: number): Buffer {
  const head = Buffer.alloc(14)
  head[0] = 0x82
  head[1] = 0x80 | 127
  head.writeBigUInt64BE(BigInt(bytes), 2)
  return head
}

/** A message of multistream-select: its length, the text, a line feed. */
export function multistream(...protocols: string[]): Buffer {
  return Buffer.concat(protocols.map(text => Buffer.from(`${String.fromCharCode(text.length + 1)}${text}\n`)))
}
