/** What the node itself has and a command can end: its connections, where it listens, what it provides. */
import { plural } from '../../core/format.ts'
import { safeText, say } from '../../core/safe-text.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Candidate } from './candidates.ts'

/** More would be no help. */
const MOST = 50

/** Open connections whose id begins with the typed text, or whose peer's name does, or of whose Peer ID it is a part. */
export function connections(typed: string, swarm: SwarmState): readonly Candidate[] {
  const part = typed.replace('…', '')
  const lower = typed.toLowerCase()
  return [...swarm.connections.values()]
    .filter(
      ({ connectionId, peerId }) =>
        connectionId.toLowerCase().startsWith(lower) ||
        peerId.includes(part) ||
        swarm.peers.get(peerId)?.name?.toLowerCase().startsWith(lower) === true,
    )
    .slice(0, MOST)
    .map(({ connectionId, peerId, direction, transport }) => ({
      value: `${connectionId} `,
      note: say`${shownName(swarm, peerId)}, ${safeText(direction)}, ${transport}`,
    }))
}

/** Where it listens. */
export function listening({ node }: SwarmState): readonly Candidate[] {
  return node.listening.map(address => ({ value: `${address} ` }))
}

/** CIDs that it provides. */
export function provided({ providing }: SwarmState): readonly Candidate[] {
  return [...providing.values()].map(({ cid, peers }) => ({
    value: `${cid} `,
    ...(peers === undefined ? {} : { note: say`with ${plural(peers, say`peer`, say`peers`)}` }),
  }))
}
