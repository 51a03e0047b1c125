import { withoutPeerId } from '../core/address.ts'
import { parseFilter } from '../core/filter.ts'
import { CONNECTION_KEYS, connectionSubject } from '../core/filter-subjects.ts'
import { formatBytes, plural } from '../core/format.ts'
import { joinSafe, safeText, say } from '../core/safe-text.ts'
import type { Connection, Stream } from '../core/swarm.ts'
import { connectionsInOrder } from '../store/selectors/in-order.ts'
import type { Command, Reply } from './command.ts'

/** Lists connections with their streams; on the screen it shows their view, with the filter. */
export const connections: Command = {
  verb: 'connections',
  aliases: ['conns', 'streams'],
  summary: 'lists the connections and their streams, or those that a filter lets through',
  details: 'On the screen it goes to their view.',
  params: [
    { name: 'filter', kind: 'text', optional: true, rest: true, summary: 'e.g. path:relayed protocol:kad' },
  ],
  examples: ['connections', 'connections path:relayed', 'connections dir:inbound transport:quic'],
  where: 'node',
  async run(args, { swarm, reply, screen }) {
    const query = String(args.filter ?? '')
    const { matches } = parseFilter(query, CONNECTION_KEYS)
    const found = connectionsInOrder(swarm()).filter(connection => matches(connectionSubject(connection)))
    if (screen !== undefined) {
      screen.dispatch({ type: 'view', view: 'connections' })
      if (args.filter !== undefined) {
        screen.dispatch({ type: 'filter', pane: 'connections', filter: query })
      }
    } else {
      for (const connection of found) {
        reply(lineOf(connection))
        for (const stream of connection.streams) reply(streamLine(stream))
      }
    }
    reply(sumOf(found))
  },
}

function lineOf(connection: Connection): Reply {
  const { peerId, address, direction, transport, encryption, muxer, relayed, bytesIn, bytesOut } = connection
  const parts = [
    safeText(direction),
    peerId,
    withoutPeerId(address),
    transport,
    encryption,
    muxer,
    relayed === true ? say`relayed` : say`direct`,
    say`in ${formatBytes(bytesIn)}`,
    say`out ${formatBytes(bytesOut)}`,
  ]
  return { tone: 'plain', text: joinSafe(parts, ' '), data: { type: 'connection', ...connection } }
}

/** Streams are part of their connection's data: the line is for people alone. */
function streamLine({ direction, protocol }: Stream): Reply {
  return { tone: 'plain', text: say`  ${safeText(direction)} ${protocol}` }
}

function sumOf(found: readonly Connection[]): Reply {
  const streams = found.reduce((sum, connection) => sum + connection.streams.length, 0)
  const relayed = found.filter(connection => connection.relayed === true).length
  return {
    tone: 'plain',
    text: say`${plural(found.length, say`connection`, say`connections`)}, ${plural(streams, say`stream`, say`streams`)}, ${relayed} relayed`,
    data: { type: 'connections', connections: found.length, streams, relayed },
  }
}
