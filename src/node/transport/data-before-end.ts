import type { ComponentLogger, Stream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface'

/** What muxers are made from. */
type MakeFactory = (components: { logger: ComponentLogger }) => StreamMuxerFactory
/** What streams and muxers of libp2p are told from the wire: no part of its interface. */
type Told<T> = T & Partial<Record<'onRemoteCloseWrite' | 'onRemoteReset', () => void>>
type Muxer = StreamMuxer & { onRemoteStream?(stream: Stream): void }

/**
 * Lets streams have what came before their end. Where the agreement on a protocol, a message and the end of the stream
 * come in one packet, libp2p 3 closes the stream before whoever speaks the protocol has it, and the message is lost:
 * smoldot over WebSocket was never identified. So an end waits for the next turn of the event loop. By then the protocol
 * is agreed on, and what is left of the packet is in the stream's buffer, where an end does not touch it.
 */
export function dataBeforeEnd(make: MakeFactory): MakeFactory {
  return components => {
    const factory = make(components)
    return { protocol: factory.protocol, createStreamMuxer: raw => patient(factory.createStreamMuxer(raw)) }
  }
}

function patient(muxer: Muxer): StreamMuxer {
  const create = muxer.createStream.bind(muxer)
  muxer.createStream = async options => endLater(await create(options))
  const accept = muxer.onRemoteStream?.bind(muxer)
  if (accept !== undefined) muxer.onRemoteStream = stream => accept(endLater(stream))
  return muxer
}

function endLater(stream: Told<Stream>): Stream {
  for (const name of ['onRemoteCloseWrite', 'onRemoteReset'] as const) {
    const end = stream[name]?.bind(stream)
    if (end === undefined) continue
    stream[name] = () => {
      setImmediate(() => {
        // It may have come to another end by then.
        if (stream.status === 'open' || stream.status === 'closing') end()
      })
    }
  }
  return stream
}
