import type { Stream } from '@libp2p/interface'
import { type Ping, type PingComponents, type PingInit, ping } from '@libp2p/ping'

/**
 * libp2p's ping service with answers of our own. Its own answers hang when a ping and the end of its stream have come
 * before the stream is read, as those of a DHT's table do: such a stream stayed open until a time limit, and ten of them
 * are all that one connection may have.
 */
export function pingService(init: PingInit): (components: PingComponents) => Ping {
  const make = ping(init)
  return components => Object.assign(make(components), { handlePing: answerPings })
}

/**
 * Sends back what comes, until the other side has no more: 32 bytes a ping, as many pings as it likes one after the other
 * (https://github.com/libp2p/specs/blob/master/ping/ping.md). While it takes no answers, its pings are not read.
 */
export function answerPings(stream: Stream): void {
  stream.addEventListener('message', ({ data }) => {
    if (stream.writeStatus !== 'writable' || stream.send(data)) return
    // Both throw on a stream that is closing.
    if (stream.readStatus === 'readable') stream.pause()
    stream.addEventListener('drain', () => stream.readStatus === 'paused' && stream.resume(), { once: true })
  })
  stream.addEventListener('remoteCloseWrite', () => finish(stream))
  if (stream.remoteWriteStatus === 'closed') finish(stream)
}

/** Closes our side as well, once everything that has come is answered. */
function finish(stream: Stream): void {
  // What waits to be read is handed over in a turn of its own.
  setImmediate(() => {
    if (stream.status !== 'open') return
    if (stream.readBufferLength > 0) stream.addEventListener('drain', () => finish(stream), { once: true })
    else stream.close().catch((error: Error) => stream.abort(error))
  })
}
