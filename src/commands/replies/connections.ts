/** Open connections as answers. */
import { withoutPeerId } from '../../core/address.ts'
import { formatBytes, plural } from '../../core/format.ts'
import { joinSafe, plainWord, type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Connection, Stream } from '../../core/swarm.ts'
import { refusalsOf } from '../../store/selectors/limit-use.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Answer } from '../answers/answer-schema.ts'
import type { Reply } from '../command.ts'

/** Each connection with its streams. */
export function connectionReplies(found: readonly Connection[], { peers }: SwarmState): Reply[] {
  return found.flatMap(connection => {
    const peer = peers.get(connection.peerId)
    return [
      {
        tone: 'plain',
        text: lineOf(connection, peer?.name),
        data: answerOf(connection, peer?.name, peer?.agentVersion),
      },
      // Streams are part of their connection's data.
      ...connection.streams.map((stream): Reply => ({ tone: 'plain', text: streamLine(stream) })),
    ]
  })
}

/** How many there are. */
export function connectionsSum(found: readonly Connection[], swarm: SwarmState): Reply {
  const streams = found.reduce((sum, connection) => sum + connection.streams.length, 0)
  const relayed = found.filter(connection => connection.relayed === true).length
  return {
    tone: 'plain',
    text: say`${plural(found.length, say`connection`, say`connections`)}, ${plural(streams, say`stream`, say`streams`)}, ${relayed} relayed`,
    data: {
      type: 'connections',
      connections: found.length,
      streams,
      relayed,
      most: swarm.limits?.most.connections,
      refused: refusalsOf(swarm).reduce((sum, [, count]) => sum + count, 0),
    },
  }
}

function lineOf(connection: Connection, name: SafeText | undefined): SafeText {
  const { peerId, address, direction, transport, encryption, muxer, relayed, bytesIn, bytesOut } = connection
  const parts = [
    safeText(direction),
    peerId,
    ...(name === undefined ? [] : [plainWord(name)]),
    withoutPeerId(address),
    plainWord(transport),
    plainWord(encryption),
    plainWord(muxer),
    relayed === true ? say`relayed` : say`direct`,
    say`in ${formatBytes(bytesIn)}`,
    say`out ${formatBytes(bytesOut)}`,
  ]
  return joinSafe(parts, ' ')
}

function streamLine({ direction, protocol, bytesIn, bytesOut }: Stream): SafeText {
  return say`  ${safeText(direction)} ${plainWord(protocol)} in ${formatBytes(bytesIn)} out ${formatBytes(bytesOut)}`
}

function answerOfStream(stream: Stream): Answer<'connection'>['streams'][number] {
  const { streamId, protocol, direction, openedAt, bytesIn, bytesOut, rateIn, rateOut } = stream
  return { streamId, protocol, direction, openedAt, bytesIn, bytesOut, rateIn, rateOut }
}

function answerOf(
  connection: Connection,
  name: SafeText | undefined,
  agentVersion: SafeText | undefined,
): Answer<'connection'> {
  const { connectionId, peerId, address, direction, transport, encryption, muxer, openedAt } = connection
  const { relayed = false, limitBytes, limitMs, bytesIn, bytesOut, rateIn, rateOut, streams } = connection
  return {
    type: 'connection',
    connectionId,
    peerId,
    name,
    agentVersion,
    address,
    direction,
    transport,
    encryption,
    muxer,
    relayed,
    limitBytes,
    limitMs,
    openedAt,
    bytesIn,
    bytesOut,
    rateIn,
    rateOut,
    streams: streams.map(answerOfStream),
  }
}
