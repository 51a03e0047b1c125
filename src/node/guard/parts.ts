/**
 * The private parts of libp2p's streams, connections and muxers that are relied on, in one place. They are those of
 * @libp2p/utils 7.4, @chainsafe/libp2p-yamux 8.0 and @libp2p/websockets 10.1; test/node/guard/parts.test.ts tells when
 * another version has them no more.
 */
import type { Stream, StreamMuxer } from '@libp2p/interface'
import type { Bytes } from '../pieces.ts'

/** A stream, or a connection below or above encryption (AbstractMessageStream): bytes come in through `onData`, once each. */
export interface Wire extends Pick<Stream, 'send' | 'abort' | 'pause' | 'status' | 'readStatus'> {
  onData(data: Bytes): void
  /** What has come and nobody has read yet. */
  readonly readBuffer: Uint8Array | Iterable<Uint8Array>
  /** Bytes that wait to be sent. */
  readonly writeBufferLength: number
  /** True: what is below takes no more for now. */
  readonly writableNeedsDrain: boolean
}

/** A raw connection: its transport tells it of its end, which those above hear of at once. */
export interface RawWire extends Wire, Pick<Stream, 'resume'> {
  onTransportClosed(error?: Error): void
}

/** A muxer with the part that takes in the streams of the other side, where it has one: QUIC's has none. */
export interface AnyMuxer extends StreamMuxer {
  onRemoteStream?(stream: Stream): void
}

/** A frame of yamux, by its header. */
export interface YamuxFrame {
  readonly header: {
    readonly type: number
    readonly flag: number
    readonly streamID: number
    /** Of a data frame: its bytes. */
    readonly length: number
  }
}

/** What yamux is made of. */
export interface YamuxMuxer extends AnyMuxer {
  /** Handles what has come in: all whole frames of it. */
  onData(data: Bytes): void
  handleFrame(frame: YamuxFrame): void
  /** Sends a frame; false: the connection takes no more for now. */
  send(data: Bytes): boolean
  /** Sends a frame without data. */
  sendFrame(header: YamuxFrame['header']): boolean
  /** Holds the beginning of a frame that has not come in full. */
  readonly decoder: {
    readonly buffer: { readonly byteLength: number; get(index: number): number }
  }
}

/** What a stream of yamux is made of. */
export interface YamuxStream extends Stream {
  /** Most bytes that the other side may have on their way to us. */
  readonly recvWindow: number
  /** Sends what it can of the data, as one frame. */
  sendData(data: Bytes): { sentBytes: number; canSendMore: boolean }
  /** Sends what it can of what waits; false: it has to wait for `drain`. */
  processSendQueue(): boolean
  /** The connection takes no more, and takes more again. */
  onMuxerNeedsDrain(): void
  onMuxerDrain(): void
}

/** Names of the parts of a frame. @see https://github.com/hashicorp/yamux/blob/master/spec.md */
export const FRAME_TYPE = { data: 0, window: 1, ping: 2, goAway: 3 } as const
export const FLAG = { syn: 1, ack: 2, fin: 4, rst: 8 } as const
export const HEADER_BYTES = 12
/** The code of a GoAway that says: you broke the protocol. */
export const PROTOCOL_ERROR = 1

/** The WebSocket of the `ws` package below a connection: it answers pings by itself (RFC 6455, section 5.5). */
export interface WebSocketBelow {
  on(event: 'ping' | 'pong', listener: () => void): void
}

export function isYamux(muxer: StreamMuxer): muxer is YamuxMuxer {
  return 'handleFrame' in muxer && 'decoder' in muxer
}

/** The WebSocket below a connection, if there is one. */
export function webSocketBelow(connection: object): WebSocketBelow | undefined {
  const { websocket } = connection as { websocket?: Partial<WebSocketBelow> }
  return typeof websocket?.on === 'function' ? (websocket as WebSocketBelow) : undefined
}
