import type { Stream } from '@libp2p/interface'
import type { ByteObserver } from '../taps/traffic-tap.ts'

/** Protocol id and payload length of libp2p ping (specs: ping/ping.md). */
const PING_PROTOCOL = '/ipfs/ping/1.0.0'
const PING_BYTES = 32

/** Calls `answered` for each ping that we answer on a stream; watches nothing on other streams. */
export function pingAnswers(stream: Stream, answered: () => void): ByteObserver[] {
  if (stream.protocol !== PING_PROTOCOL || stream.direction !== 'inbound') return []
  let pending = 0
  return [
    {
      sent: bytes => {
        pending += bytes
        for (; pending >= PING_BYTES; pending -= PING_BYTES) answered()
      },
    },
  ]
}
