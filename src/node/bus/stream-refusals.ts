import type { NodeLimits } from '../limits/node-limits.ts'
import { connectionIdIn, type LogTap } from '../taps/log-tap.ts'
import { idsOf } from './bus-context.ts'
import type { Connections } from './connections.ts'

/** Streams that a peer wanted beyond the limit, of which yamux tells only its log. */
export function reportStreamRefusals(
  logTap: LogTap,
  { limits, connections }: { limits: Pick<NodeLimits, 'streamRefused'>; connections: Connections },
): void {
  logTap.on('maxIncomingStreams exceeded, forcing stream reset', (_, name) => {
    const connection = connections.byId(connectionIdIn(name) ?? '')
    limits.streamRefused(connection === undefined ? {} : idsOf(connection))
  })
}
