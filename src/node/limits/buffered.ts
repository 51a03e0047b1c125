/**
 * Bytes that wait in memory for a connection.
 *
 * Private parts of libp2p that this reads: the buffers of `AbstractMessageStream` (`@libp2p/utils`), the muxer of a
 * `Connection` (`libp2p`) with the encrypted connection below it (`maConn`), and the socket of a raw connection
 * (`@libp2p/tcp`). What a release does not have any more counts as nothing; a test says so. The packages are pinned.
 */
import type { Socket } from 'node:net'
import type { Connection, MultiaddrConnection, Stream } from '@libp2p/interface'

interface Buffers {
  readBufferLength?: number
  writeBufferLength?: number
  socket?: Socket
  /** Of a WebSocket of ours. */
  unfinishedBytes?: number
}

/** What waits on a connection below its streams, in bytes. Of one through a relay the bytes are on the relay's. */
export function bufferedOf(connection: Connection, raw: MultiaddrConnection | undefined): number {
  const { muxer } = connection as Connection & { muxer?: { maConn?: object } }
  const encrypted = muxer?.maConn
  const direct = connection.direct && raw !== undefined
  return (direct ? waiting(raw) : 0) + (encrypted === undefined || encrypted === raw ? 0 : waiting(encrypted))
}

/** What waits on one stream, in bytes. */
export function bufferedOnStream(stream: Stream): number {
  return waiting(stream)
}

function waiting(part: object): number {
  const { readBufferLength = 0, writeBufferLength = 0, socket, unfinishedBytes = 0 } = part as Buffers
  return readBufferLength + writeBufferLength + (socket?.writableLength ?? 0) + unfinishedBytes
}
