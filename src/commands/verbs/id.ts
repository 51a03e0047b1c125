import { formatBytes, formatRate } from '../../core/format.ts'
import { plainWord, say } from '../../core/safe-text.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Command, Reply } from '../command.ts'

/** At most so many protocols are listed, those that carried most. */
const MOST_PROTOCOLS = 20

/** Shows who this node is and what it has carried. */
export const id: Command = {
  verb: 'id',
  summary: 'shows who this node is',
  details:
    'Also what it has carried, in all and by protocol. Started as p2p-tui id it reads the profile and starts no node.',
  params: [],
  examples: ['id'],
  where: 'both',
  answers: ['id', 'traffic'],
  async run(_, { swarm, reply }) {
    const { peerId, profile, agentVersion, listening } = swarm().node
    const identity = profile === undefined ? say`ephemeral identity` : say`profile ${profile}`
    reply({
      tone: 'plain',
      text:
        peerId === undefined ? say`the node is still starting` : say`this node is ${peerId} (${identity})`,
      data: { type: 'id', peerId, profile, agentVersion, addresses: [...listening] },
    })
    for (const line of carried(swarm())) reply(line)
  },
}

/** Bytes in all on the wire, then by protocol. Nothing while nothing has passed. */
function carried({ traffic, protocols }: SwarmState): Reply[] {
  if (traffic.bytesIn + traffic.bytesOut === 0) return []
  const all: Reply = {
    tone: 'plain',
    text: say`in all: in ${formatBytes(traffic.bytesIn)}, out ${formatBytes(traffic.bytesOut)}`,
    data: { type: 'traffic', ...traffic },
  }
  const byProtocol = [...protocols]
    .sort(([, a], [, b]) => b.bytesIn + b.bytesOut - a.bytesIn - a.bytesOut)
    .slice(0, MOST_PROTOCOLS)
    .map(([protocol, sum]): Reply => {
      const total = say`in ${formatBytes(sum.bytesIn)}, out ${formatBytes(sum.bytesOut)}`
      const now = say`now ${formatRate(sum.rateIn)} in, ${formatRate(sum.rateOut)} out`
      return {
        tone: 'plain',
        text: say`${plainWord(protocol)}: ${total} · ${now}`,
        data: { type: 'traffic', protocol, ...sum },
      }
    })
  return [all, ...byProtocol]
}
