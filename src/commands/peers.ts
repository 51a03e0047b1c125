import { parseFilter } from '../core/filter.ts'
import { PEER_KEYS, peerSubject } from '../core/filter-subjects.ts'
import { formatMs, plural } from '../core/format.ts'
import { joinSafe, safeText, say } from '../core/safe-text.ts'
import type { Peer } from '../core/swarm.ts'
import type { Command, Reply } from './command.ts'

/** Lists peers and sums them up; on the screen their pane gets the focus and the filter instead of a list. */
export const peers: Command = {
  verb: 'peers',
  summary: 'lists the peers, or those that a filter lets through',
  details: 'On the screen it goes to the pane of the peers.',
  params: [
    {
      name: 'filter',
      kind: 'text',
      optional: true,
      rest: true,
      summary: 'e.g. state:connected rtt>20',
    },
  ],
  examples: ['peers', 'peers state:connected', 'peers -agent:js-libp2p rtt>20'],
  where: 'node',
  async run(args, { swarm, reply, screen }) {
    const query = String(args.filter ?? '')
    const { matches } = parseFilter(query, PEER_KEYS)
    const found = swarm()
      .peers.values()
      .filter(peer => matches(peerSubject(peer)))
    if (screen !== undefined) {
      screen.dispatch({ type: 'focus', pane: 'peers' })
      if (args.filter !== undefined) screen.dispatch({ type: 'filter', pane: 'peers', filter: query })
    } else {
      for (const peer of found) reply(lineOf(peer))
    }
    reply(sumOf(found))
  },
}

function lineOf(peer: Peer): Reply {
  const rtt = peer.ping.lastMs ?? peer.ping.coldMs
  const parts = [
    safeText(peer.presence),
    peer.peerId,
    ...peer.addresses.slice(0, 1),
    ...(rtt === undefined ? [] : [formatMs(rtt)]),
    ...(peer.agentVersion === undefined ? [] : [peer.agentVersion]),
  ]
  return { tone: 'plain', text: joinSafe(parts, ' '), data: { type: 'peer', ...peer } }
}

function sumOf(found: readonly Peer[]): Reply {
  const count = (presence: Peer['presence']) => found.filter(peer => peer.presence === presence).length
  const [connected, heard] = [count('connected'), count('heard')]
  return {
    tone: 'plain',
    text: say`${plural(found.length, say`peer`, say`peers`)}: ${connected} connected, ${heard} heard, ${found.length - connected - heard} others`,
    data: { type: 'peers', peers: found.length, connected, heard },
  }
}
