import type { StreamMessageEvent } from '@libp2p/interface'

/** Bytes as libp2p hands them on: in one piece, or in several. */
export type Bytes = StreamMessageEvent['data']

/** Each piece of bytes. */
export function piecesOf(bytes: Uint8Array | Iterable<Uint8Array>): Iterable<Uint8Array> {
  return bytes instanceof Uint8Array ? [bytes] : bytes
}
