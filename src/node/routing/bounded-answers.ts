import type { Stream } from '@libp2p/interface'
import type { KadDHTComponents } from '@libp2p/kad-dht'
import { MAX_ANSWER_BYTES } from './limits.ts'

type ConnectionManager = KadDHTComponents['connectionManager']

/**
 * The connection manager as the DHT shall see it: on a stream to a peer no more than {@link MAX_ANSWER_BYTES} come in,
 * then it is aborted. The library itself would read 4 MiB, and a hundred thousand made-up peers out of that.
 */
export function boundedAnswers(manager: ConnectionManager): ConnectionManager {
  const openStream: ConnectionManager['openStream'] = async (...args) =>
    bounded(await manager.openStream(...args))
  return new Proxy(manager, {
    get: (target, name) => {
      if (name === 'openStream') return openStream
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function bounded(stream: Stream): Stream {
  let bytes = 0
  stream.addEventListener('message', ({ data }) => {
    bytes += data.byteLength
    if (bytes > MAX_ANSWER_BYTES) stream.abort(new Error('Its answer is too long'))
  })
  return stream
}
