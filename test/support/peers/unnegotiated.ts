import type { Connection, Libp2p, MultiaddrConnection, Stream, StreamMuxer } from '@libp2p/interface'

/** What libp2p's connections are made of, and keep to themselves. */
interface Insides {
  muxer: StreamMuxer & {
    onRemoteStream?(stream: Stream): void
    sendFrame(
      header: { type: number; flag: number; streamID: number; length: number },
      data?: Uint8Array,
    ): boolean
  }
  maConn: MultiaddrConnection
}

/** The muxer and the raw connection of a connection, over any transport and encryption. */
export function insidesOfConnection(connection: Connection): Insides {
  return connection as Connection & Insides
}

/** Opens a stream of a connection on which nothing has been said. */
export async function openBareStream(connection: Connection): Promise<Stream> {
  return await insidesOfConnection(connection).muxer.createStream()
}

/** Has a peer say `bytes` on each stream that others open to it, before it reads what they want. */
export function answerAllWith(peer: Libp2p, bytes: Uint8Array): void {
  peer.addEventListener('connection:open', ({ detail }) => {
    insidesOfConnection(detail).muxer.addEventListener('stream', event => {
      event.detail.addEventListener('close', () => {})
      event.detail.send(bytes)
    })
  })
}
