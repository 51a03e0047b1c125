/**
 * A peer whose layers are taken one at a time and by hand, so that it can say what no library would:
 *
 *     const socket = await openSocket(address)              // TCP, and not a byte said
 *     const peer = await RawPeer.dial(address)              // noise and yamux agreed on
 *     peer.send(frames.open(1), frames.data(1, negotiation(MULTISTREAM, '/ipfs/ping/1.0.0')))
 *
 * Bytes that are sent wait in the socket alone: `await peer.room()` before sending more.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { noise } from '@chainsafe/libp2p-noise'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Logger, MultiaddrConnection, PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { AbstractMultiaddrConnection, byteStream } from '@libp2p/utils'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { varint } from './protobuf.ts'

export const MULTISTREAM = '/multistream/1.0.0'
const NOISE = '/noise'
export const YAMUX = '/yamux/1.0.0'

/** Names of protocols as multistream-select sends them: a length and a line break for each. */
export function negotiation(...protocols: string[]): Uint8Array {
  const lines = protocols.map(protocol => Buffer.from(`${protocol}\n`))
  return Buffer.concat(lines.flatMap(line => [varint(line.length), line]))
}

/** Kinds of yamux frames. @see https://github.com/hashicorp/yamux/blob/master/spec.md */
export const FRAME = { data: 0, window: 1, ping: 2, goAway: 3 } as const
export const FLAG = { syn: 1, ack: 2, fin: 4, rst: 8 } as const
const HEADER_BYTES = 12

/** One yamux frame. `length`: of a frame without data, the number that stands in its place. */
export function frame(
  type: number,
  flags: number,
  streamId: number,
  length: number,
  data?: Uint8Array,
): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + (data?.length ?? 0))
  bytes.writeUInt8(type, 1)
  bytes.writeUInt16BE(flags, 2)
  bytes.writeUInt32BE(streamId, 4)
  bytes.writeUInt32BE(length, 8)
  if (data !== undefined) bytes.set(data, HEADER_BYTES)
  return bytes
}

/** The frames that a peer sends. The ids of a dialer's streams are odd. */
export const frames = {
  open: (streamId: number) => frame(FRAME.window, FLAG.syn, streamId, 0),
  data: (streamId: number, data: Uint8Array, flags = 0) =>
    frame(FRAME.data, flags, streamId, data.length, data),
  window: (streamId: number, more: number) => frame(FRAME.window, 0, streamId, more),
  end: (streamId: number) => frame(FRAME.window, FLAG.fin, streamId, 0),
  reset: (streamId: number) => frame(FRAME.window, FLAG.rst, streamId, 0),
  ping: (id: number) => frame(FRAME.ping, FLAG.syn, 0, id),
}

export interface RawOptions {
  /** The address it dials from; it has to be one of this machine's. */
  from?: string
  /** Who it is. @default somebody new */
  privateKey?: PrivateKey
  /** False: nothing is said once the connection is encrypted. */
  muxer?: boolean
}

/** A TCP connection on which nothing has been said. Errors on it are left to its `close`. @throws if it is refused */
export async function openSocket(address: Multiaddr | string, { from }: RawOptions = {}): Promise<Socket> {
  const parts = multiaddr(address.toString()).getComponents()
  const host = parts.find(({ name }) => name === 'ip4' || name === 'ip6')?.value ?? '127.0.0.1'
  const port = Number(parts.find(({ name }) => name === 'tcp')?.value)
  const socket = connect({ host, port, noDelay: true, ...(from === undefined ? {} : { localAddress: from }) })
  await once(socket, 'connect')
  socket.on('error', () => {})
  return socket
}

/** A peer that has dialed somebody, and speaks yamux with them frame by frame over noise. */
export class RawPeer {
  readonly socket: Socket
  /** Settles when the connection is no more, whoever ended it. */
  readonly closed: Promise<void>
  readonly #noise: MultiaddrConnection
  /** All who wait for room wait for the same. */
  #room: Promise<void> | undefined

  private constructor(socket: Socket, secured: MultiaddrConnection) {
    this.socket = socket
    this.closed = socket.destroyed
      ? Promise.resolve()
      : new Promise(resolve => socket.once('close', () => resolve()))
    this.#noise = secured
  }

  /** @throws if it is refused, or agrees on neither noise nor yamux */
  static async dial(address: Multiaddr | string, options: RawOptions = {}): Promise<RawPeer> {
    const socket = await openSocket(address, options)
    try {
      const plain = new SocketConnection(socket, multiaddr(address.toString()))
      await agree(plain, NOISE)
      const secured = await secure(plain, options.privateKey ?? (await generateKeyPair('Ed25519')))
      if (options.muxer !== false) await agree(secured, YAMUX)
      return new RawPeer(socket, secured)
    } catch (error) {
      socket.destroy()
      throw error
    }
  }

  /** Sends bytes as they are, encrypted; they are dropped when the connection is no more. */
  send(...bytes: Uint8Array[]): void {
    if (!this.socket.writable) return
    this.#noise.send(bytes.length === 1 ? (bytes[0] as Uint8Array) : Buffer.concat(bytes))
  }

  /** Settles when the socket has taken what waited for it, or is closed. */
  async room(): Promise<void> {
    if (!this.socket.writableNeedDrain || this.socket.destroyed) return
    this.#room ??= this.#drained()
    await this.#room
  }

  /** Takes what comes, decrypted, in pieces as they come; until then it waits. */
  onBytes(take: (bytes: Uint8Array) => void): void {
    this.#noise.addEventListener('message', ({ data }) => take(data.subarray()))
  }

  /** Stops reading: the kernel's buffers fill up, and then the other side's. */
  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  destroy(): void {
    this.socket.destroy()
  }

  async #drained(): Promise<void> {
    await Promise.race([once(this.socket, 'drain').catch(() => {}), this.closed])
    this.#room = undefined
  }
}

/** Says what both sides must say, in one go, and reads the same words. */
async function agree(stream: MultiaddrConnection, protocol: string): Promise<void> {
  const bytes = byteStream(stream)
  const words = negotiation(MULTISTREAM, protocol)
  await bytes.write(words)
  const answer = await bytes.read({ bytes: words.length })
  if (Buffer.compare(answer.subarray(), words) !== 0) throw new Error(`${protocol} was not agreed on`)
  bytes.unwrap()
}

async function secure(plain: MultiaddrConnection, privateKey: PrivateKey): Promise<MultiaddrConnection> {
  const components = {
    privateKey,
    peerId: peerIdFromPrivateKey(privateKey),
    logger: { forComponent: () => SILENT },
    upgrader: { getStreamMuxers: () => new Map() },
  }
  const { connection } = await noise()(components as never).secureOutbound(plain, {
    skipStreamMuxerNegotiation: true,
  })
  return connection as MultiaddrConnection
}

const SILENT: Logger = Object.assign(() => {}, {
  enabled: false,
  trace: () => {},
  error: () => {},
  newScope: () => SILENT,
})

/** A socket as libp2p's encrypters want it. It takes all that it is given: {@link RawPeer.room} tells when that is too much. */
class SocketConnection extends AbstractMultiaddrConnection {
  readonly #socket: Socket

  constructor(socket: Socket, remoteAddr: Multiaddr) {
    super({ remoteAddr, direction: 'outbound', log: SILENT })
    this.#socket = socket
    socket.on('data', bytes => this.onData(bytes))
    socket.once('close', () => this.onTransportClosed())
  }

  sendData(data: Parameters<AbstractMultiaddrConnection['sendData']>[0]) {
    for (const bytes of data) this.#socket.write(bytes)
    return { sentBytes: data.byteLength, canSendMore: true }
  }

  async sendClose(): Promise<void> {
    this.#socket.destroySoon()
  }

  sendReset(): void {
    this.#socket.destroy()
  }

  sendPause(): void {
    this.#socket.pause()
  }

  sendResume(): void {
    this.#socket.resume()
  }
}
