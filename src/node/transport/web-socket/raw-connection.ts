import type { Socket } from 'node:net'
import { AbstractMultiaddrConnection, type AbstractMultiaddrConnectionInit } from '@libp2p/utils'
import type { RawData, WebSocket } from 'ws'

/**
 * The longest message that a peer may send, in bytes. A message is kept whole until its last byte is there. Encrypted
 * messages have 64 KiB at most, and what sends several of them at once keeps below this.
 */
export const MAX_MESSAGE_BYTES = 1 << 20

/** A peer that does not answer a goodbye within so long, in ms, is cut off. */
export const CLOSE_WITHIN_MS = 1_000

/** How both sides open a WebSocket. */
export const WEB_SOCKET_OPTIONS = {
  maxPayload: MAX_MESSAGE_BYTES,
  closeTimeout: CLOSE_WITHIN_MS,
  // What is encrypted does not get any smaller.
  perMessageDeflate: false,
  // A peer pings while it reads: more pongs than this are not kept for it.
  maxPendingAutoPongs: 8,
  // What comes in pieces is kept in pieces, each with more of its own than the bytes in it.
  maxFragments: 1_024,
  maxBufferedChunks: 4_096,
} as const

type Bytes = Parameters<AbstractMultiaddrConnection['sendData']>[0]

interface Init extends AbstractMultiaddrConnectionInit {
  webSocket: WebSocket
  /** What the WebSocket runs over. */
  socket: Socket
}

/** What `ws` takes messages apart with: bytes of the frame that is coming, and of those before it in the same message. */
interface Receiver {
  _bufferedBytes?: number
  _messageLength?: number
}

/** The raw connection over an open WebSocket (RFC 6455): bytes in, bytes out, and reading waits for whoever is slow. */
export class WebSocketConnection extends AbstractMultiaddrConnection {
  readonly socket: Socket
  /** Of the `ws` package, which tells of pings. */
  readonly websocket: WebSocket

  constructor({ webSocket, socket, ...init }: Init) {
    super(init)
    this.socket = socket
    this.websocket = webSocket
    webSocket.binaryType = 'nodebuffer'
    webSocket.on('message', data => this.#received(data))
    webSocket.on('error', error => this.abort(error))
    webSocket.once('close', code => {
      if (code === NO_GOODBYE && this.status === 'open') this.onRemoteReset()
      else this.onTransportClosed()
    })
    socket.on('drain', () => this.safeDispatchEvent('drain'))
  }

  /** What has come of a message that has not come in full, in bytes. It waits in `ws`, whose receiver is private. */
  get unfinishedBytes(): number {
    const { _receiver } = this.websocket as WebSocket & { _receiver?: Receiver | null }
    return (_receiver?._bufferedBytes ?? 0) + (_receiver?._messageLength ?? 0)
  }

  override sendData(data: Bytes): { sentBytes: number; canSendMore: boolean } {
    for (const bytes of data) this.websocket.send(bytes)
    return { sentBytes: data.byteLength, canSendMore: !this.socket.writableNeedDrain }
  }

  /** Says goodbye; the socket goes when that is answered, at the latest after {@link CLOSE_WITHIN_MS}. */
  override async sendClose(): Promise<void> {
    this.websocket.close()
  }

  override sendReset(): void {
    this.websocket.terminate()
  }

  override sendPause(): void {
    this.websocket.pause()
  }

  override sendResume(): void {
    this.websocket.resume()
  }

  #received(data: RawData): void {
    this.onData(Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data as ArrayBuffer))
  }
}

/** The close code of a WebSocket that ended without a closing frame (RFC 6455, section 7.4.1). */
const NO_GOODBYE = 1006
