import type { Stream } from '@libp2p/interface'
import { safeText, say } from '../../core/safe-text.ts'
import { whenClosed } from '../closing.ts'
import { type ByteObserver, counting, type TrafficTap } from '../taps/traffic-tap.ts'
import type { Meter } from '../traffic/meter.ts'
import { type BusContext, idsOf } from './bus-context.ts'
import { closeReason } from './close-reason.ts'
import type { Connections } from './connections.ts'
import type { SafeListeners } from './listening.ts'
import { pingAnswers } from './ping-answers.ts'

interface Parts extends BusContext {
  listeners: SafeListeners
  connections: Connections
  meter: Meter
  trafficTap: TrafficTap
}

/** Streams: opened and closed, with protocol and direction. Returns what is to watch the stream's bytes. */
export function streamOpened(stream: Stream, parts: Parts): readonly ByteObserver[] {
  const { emit, connections, meter, trafficTap } = parts
  const protocol = safeText(stream.protocol)
  const perProtocol = counting(meter.protocol(protocol))
  const connection = connections.carrying(stream)
  if (connection === undefined) return [perProtocol]
  const ids = idsOf(connection)
  const common = {
    ...ids,
    streamId: safeText(`${connection.id}/${stream.id}`),
    protocol,
    direction: stream.direction,
  }
  emit({ type: 'stream:opened', ...common })
  const bytes = meter.streams.opened(common.streamId, ids.connectionId)
  const onClose = (error?: Error): void => {
    meter.streams.closed(common.streamId)
    emit({ type: 'stream:closed', ...common, reason: closeReason(error, say`Done`), ...bytes })
  }
  whenClosed(stream, parts.listeners.guard(onClose))
  return [
    perProtocol,
    counting(bytes),
    ...(connection.encryption === 'native' ? trafficTap.unseen(connection.timeline) : []),
    ...pingAnswers(stream, () => emit({ type: 'ping:answered', ...ids })),
  ]
}
