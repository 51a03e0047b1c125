import type { Multiaddr } from '@multiformats/multiaddr'
import type { Limits } from '../../core/limit-terms.ts'
import type { Names } from '../scope/names.ts'
import type { Door } from './door.ts'
import type { TransportKind } from './lazy-transport.ts'
import { handshakesSideBySide } from './quic-handshakes.ts'

/**
 * WebSocket: `/tcp/.../ws`; `/tls/ws` and `/wss` are only dialed.
 *
 * @param door is asked about each socket that others open
 * @param names looks up those in addresses
 */
export const webSocketTransport = (door: Door, names: Pick<Names, 'lookupFor'>): TransportKind => ({
  tag: 'web-socket',
  dials: address => endsIn(address, ['ws', 'wss']),
  // With TLS below it needs a certificate that others trust: without one it opens, and nobody can dial it.
  listens: address => endsIn(address, ['ws']) && address.getComponents().every(({ name }) => name !== 'tls'),
  load: async () => (await import('./web-socket/transport.ts')).webSockets(door, names),
})

/**
 * What QUIC's machine code may hold of what one peer has sent and nobody has read yet, in bytes. Its `handshakeTimeout` is
 * not among them: it is ignored there. A handshake ends when nothing has come for `maxIdleTimeout`, which is 10 s.
 */
const QUIC_BOUNDS = { maxStreamData: 1 << 20, maxConnectionData: 4 << 20 }

/**
 * QUIC version 1 (RFC 9000) over UDP: machine code, which there is not for every platform.
 *
 * @param limits `streams`: how many the other side of a connection may have open; `pending`: how many handshakes of others
 *   each listener goes through at once
 */
export const quicTransport = ({ streams, pending }: Pick<Limits, 'streams' | 'pending'>): TransportKind => ({
  tag: 'quic',
  dials: address => endsIn(address, ['quic-v1']),
  load: async () => {
    const { quic } = await import('@chainsafe/libp2p-quic').catch(error => {
      throw new QuicMissingError(error)
    })
    return handshakesSideBySide(quic({ ...QUIC_BOUNDS, maxConcurrentStreamLimit: streams }), pending)
  },
})

/** Nobody can speak QUIC here: its machine code is not installed, or not made for this platform. */
export class QuicMissingError extends Error {
  override readonly name = 'QuicMissingError'

  constructor(cause: unknown) {
    super(`No QUIC binary for ${process.platform}-${process.arch}`, { cause })
  }
}

/** What an address names last, beside the peer behind it: whom a relay carries further is the relay's. */
function endsIn(address: Multiaddr, names: readonly string[]): boolean {
  const last = address.getComponents().findLast(({ name }) => name !== 'p2p')
  return last !== undefined && names.includes(last.name)
}
