import type { Stream } from '@libp2p/interface'
import type { ByteObserver } from '../../taps/traffic-tap.ts'
import { readFields, readVarint } from '../protobuf.ts'

/** Protocol id of requests to a relay (specs: relay/circuit-v2.md). */
const HOP_PROTOCOL = '/libp2p/circuit/relay/0.2.0/hop'
/** An answer is smaller: some addresses and a signature (go-libp2p takes 4 KiB). Nobody has to read what is longer. */
const MOST_BYTES = 16 * 1024
/** Numbers of the fields of HopMessage and Limit. */
const RESERVATION = 3
const LIMIT = 4
const DURATION = 1
const DATA = 2

/** What a relay says that one connection through it may carry. Absent: no limit. */
export interface ToldLimit {
  /** As the relay wrote it; see {@link durationMs}. */
  duration?: number
  /** Bytes each way. */
  data?: number
}

/**
 * Reads the answer to a request for a reservation as it passes: it carries the limits, which libp2p's client drops. An
 * answer that is too long, which libp2p would read up to 4 MiB of, ends the stream. Watches nothing on other streams.
 */
export function reservationLimits(stream: Stream, told: (limit: ToldLimit) => void): ByteObserver[] {
  if (stream.protocol !== HOP_PROTOCOL || stream.direction !== 'outbound') return []
  let waiting: Uint8Array | undefined = new Uint8Array()
  return [
    {
      received: (_, data) => {
        if (waiting === undefined) return
        waiting = Buffer.concat([waiting, data.subarray()])
        if ((readVarint(waiting, 0)?.value ?? 0) > MOST_BYTES) {
          waiting = undefined
          stream.abort(new Error('The relay answered with more than a relay has to say'))
          return
        }
        const limit = limitIn(waiting)
        if (limit === undefined) return
        waiting = undefined
        if (limit !== 'other') told(limit)
      },
    },
  ]
}

/** The limit in the first message; undefined: it has not come in full; `other`: it is not the answer that is wanted. */
function limitIn(bytes: Uint8Array): ToldLimit | 'other' | undefined {
  const length = readVarint(bytes, 0)
  if (length === undefined || bytes.length < length.next + length.value) return undefined
  const message = readFields(bytes.subarray(length.next, length.next + length.value))
  if (message?.get(RESERVATION) === undefined) return 'other'
  const limit = message.get(LIMIT)
  const fields = limit instanceof Uint8Array ? readFields(limit) : undefined
  const duration = fields?.get(DURATION)
  const data = fields?.get(DATA)
  return {
    // Zero is no limit, too.
    ...(typeof duration === 'number' && duration > 0 ? { duration } : {}),
    ...(typeof data === 'number' && data > 0 ? { data } : {}),
  }
}
