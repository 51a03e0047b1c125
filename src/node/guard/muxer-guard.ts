import type { Stream, StreamMuxer } from '@libp2p/interface'
import type { Bytes } from '../pieces.ts'
import { COST, forBytes, WORTH_BYTES } from './budget.ts'
import type { ConnectionGuard } from './connection-guard.ts'
import { BadMessageError } from './messages.ts'
import {
  type AnyMuxer,
  FLAG,
  FRAME_TYPE,
  HEADER_BYTES,
  isYamux,
  type Wire,
  type YamuxFrame,
  type YamuxMuxer,
  type YamuxStream,
} from './parts.ts'
import { guardStream } from './stream-guard.ts'

/** The window that each stream of yamux begins with, in bytes. */
const FIRST_WINDOW = 256 * 1024
/** What one frame of ours has at most, in bytes. */
const LONGEST_FRAME = 256 * 1024
/** Where a header has the length of its data. */
const LENGTH_AT = 8

/**
 * Guards the streams of a connection and, where the muxer is yamux, its frames.
 *
 * @param below the connection that the muxer sends to
 * @param takes the protocols that we answer to
 */
export function guardMuxer(
  muxer: AnyMuxer,
  below: Wire,
  connection: ConnectionGuard,
  takes: () => readonly string[],
): StreamMuxer {
  connection.muxed(muxer)
  const yamux = isYamux(muxer)
  if (yamux) guardFrames(muxer, connection)

  const guarded = (stream: Stream, offer: Parameters<typeof guardStream>[1]): Stream => {
    if (yamux) keepDataBack(stream as YamuxStream, below)
    else payForPieces(stream as Stream & Wire, connection)
    guardStream(stream as Stream & Wire, offer, connection, () => connection.asked())
    return stream
  }
  const create = muxer.createStream.bind(muxer)
  muxer.createStream = async options => guarded(await create(options), 'we propose')
  const accept = muxer.onRemoteStream?.bind(muxer)
  if (accept !== undefined) {
    muxer.onRemoteStream = stream => accept(guarded(stream, { takes: takes() }))
  } else {
    // Before libp2p's own listener.
    muxer.addEventListener('stream', ({ detail }) => {
      connection.spend(COST.stream)
      guarded(detail, { takes: takes() })
      detail.addEventListener('close', () => connection.spend(COST.end), { once: true })
    })
  }
  return muxer
}

/** Has the other side pay for each piece of data that comes on a stream of its own transport, as it does for a frame. */
function payForPieces(stream: Wire, connection: ConnectionGuard): void {
  const receive = stream.onData.bind(stream)
  stream.onData = data => {
    if (data.byteLength < WORTH_BYTES) connection.spend(forBytes(COST.frame + COST.data, data.byteLength))
    receive(data)
  }
}

/** Has the other side pay for each frame, and for replies that it does not read. */
function guardFrames(muxer: YamuxMuxer, connection: ConnectionGuard): void {
  const handle = muxer.handleFrame.bind(muxer)
  muxer.handleFrame = frame => {
    // What is left of a chunk in which the last straw was.
    if (connection.closed) return
    connection.spend(costOf(frame))
    if (muxer.status !== 'open' && opensStream(frame)) refuse(muxer, frame)
    else handle(frame)
    if (muxer.status !== 'open') connection.muxerEnded()
  }
  const send = muxer.send.bind(muxer)
  muxer.send = data => {
    let more: boolean
    try {
      more = send(data)
    } catch {
      // It is on its way out, and what comes in is read until its socket is gone. Those who answer that do so from
      // listeners and timers, where an exception ends the process. That it has closed is told to each stream.
      return false
    }
    if (!more) connection.repliesWait()
    return more
  }
  let widest = FIRST_WINDOW
  const receive = muxer.onData.bind(muxer)
  muxer.onData = data => {
    receive(data)
    connection.holds(muxer.decoder.buffer.byteLength)
    const length = announced(muxer)
    if (length <= widest) return
    // A window stays as wide as it was where its stream has ended, and its data is still on the way.
    for (const { recvWindow } of muxer.streams as YamuxStream[]) widest = Math.max(widest, recvWindow)
    // yamux keeps a frame until it has all of it, and holds it against the window only then.
    if (length > widest) throw new BadMessageError(`The length of a frame exceeds ${widest} bytes`)
  }
}

function opensStream({ header: { type, flag } }: YamuxFrame): boolean {
  return (type === FRAME_TYPE.data || type === FRAME_TYPE.window) && (flag & FLAG.syn) !== 0
}

/**
 * Resets a stream that the other side opens when one of both is going. yamux does so from its own GoAway on; after that of
 * the other side, and while it closes, it would have the stream served, by a muxer that says it has closed.
 */
function refuse(muxer: YamuxMuxer, { header: { streamID } }: YamuxFrame): void {
  muxer.sendFrame({ type: FRAME_TYPE.window, flag: FLAG.rst, streamID, length: 0 })
}

/** How much data the frame has that has begun to come in; 0: none. */
function announced({ decoder: { buffer } }: YamuxMuxer): number {
  if (buffer.byteLength < HEADER_BYTES) return 0
  // Byte by byte: a part of the list would be copied, for each piece that comes.
  let length = 0
  for (let at = LENGTH_AT; at < HEADER_BYTES; at += 1) length = length * 256 + buffer.get(at)
  return length
}

function costOf({ header: { type, flag, length } }: YamuxFrame): number {
  let cost: number = COST.frame
  if (type === FRAME_TYPE.ping) return cost + COST.ping
  if (type === FRAME_TYPE.data) cost += forBytes(COST.data, length)
  if ((flag & FLAG.syn) !== 0) cost += COST.stream
  if ((flag & (FLAG.fin | FLAG.rst)) !== 0) cost += COST.end
  return cost
}

/**
 * Keeps the data of a stream in the stream while the connection takes no more. yamux lets a stream send again with each
 * window that the other side gives it, whether the connection is full or not, and makes one frame of all that a window
 * has room for: what is not sent of that waits where replies wait, and rust-libp2p takes no more than 1 MiB of it.
 */
function keepDataBack(stream: YamuxStream, below: Wire): void {
  const send = stream.sendData.bind(stream)
  stream.sendData = (data: Bytes) => {
    if (data.byteLength <= LONGEST_FRAME) return send(data)
    return send(data instanceof Uint8Array ? data.subarray(0, LONGEST_FRAME) : data.sublist(0, LONGEST_FRAME))
  }
  const process = stream.processSendQueue
  stream.processSendQueue = () => {
    if (!below.writableNeedsDrain) return process()
    // Until the connection drains.
    stream.onMuxerNeedsDrain()
    return false
  }
  const drained = stream.onMuxerDrain.bind(stream)
  stream.onMuxerDrain = () => {
    // What waits below goes first, and may fill the connection again.
    if (below.writeBufferLength === 0) drained()
    else queueMicrotask(() => below.writableNeedsDrain || drained())
  }
}
