/** Names that a person gives to peers. */
import type { Id } from '../../core/events.ts'
import { RequestFailed } from '../../core/failure.ts'
import { plural, shortPeerId } from '../../core/format.ts'
import { checkName, MAX_NAME_LENGTH, skeleton } from '../../core/pet-name.ts'
import type { Result } from '../../core/requests.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { Peer } from '../../core/swarm.ts'
import type { EventHub } from '../port/event-hub.ts'

/** What names are given with. */
export interface NamingTools {
  hub: Pick<EventHub, 'emit' | 'state'>
  /** Keeps a name, or that there is none any more. */
  keepName(peerId: SafeText, name: SafeText | undefined): Promise<void>
}

/**
 * Calls a peer by a name, or with no words by none. Given is also a name that looks like another: the result warns of it,
 * and a person may have reasons.
 *
 * @throws {RequestFailed} at stage `target`: it cannot be a name, or another peer has it
 */
export async function giveName(
  { hub, keepName }: NamingTools,
  { peerId, words }: { peerId: SafeText; words: string },
  requestId: Id,
): Promise<Result<'name'>> {
  const before = hub.state.peers.get(peerId)?.name
  if (words === '') {
    await keepName(peerId, undefined)
    if (before !== undefined) hub.emit({ type: 'name:taken', requestId, peerId, name: before })
    return { peerId, ...(before === undefined ? {} : { before }), warnings: [] }
  }
  const checked = checkName(words)
  if ('problem' in checked) throw badName(checked.problem)
  const { name } = checked
  const others = [...hub.state.peers.values()].filter(peer => peer.peerId !== peerId)
  const owner = others.find(peer => peer.name === name)
  if (owner !== undefined) throw taken(name, owner)
  await keepName(peerId, name)
  if (before !== name) hub.emit({ type: 'name:given', requestId, peerId, name })
  return { peerId, name, ...(before === undefined ? {} : { before }), warnings: warningsOf(name, others) }
}

function warningsOf(name: SafeText, others: readonly Peer[]): SafeText[] {
  const looks = skeleton(name)
  const alike = others.flatMap(peer =>
    peer.name !== undefined && skeleton(peer.name) === looks
      ? [
          say`It looks like "${peer.name}", which is ${shortPeerId(peer.peerId)}: do not take one for the other`,
        ]
      : [],
  )
  const inIds = others.filter(peer => peer.peerId.includes(name)).length
  if (inIds === 0) return alike
  return [
    ...alike,
    say`It is a part of ${plural(inIds, say`other Peer ID`, say`other Peer IDs`)} too: as a target it is the name`,
  ]
}

function badName(problem: SafeText): RequestFailed {
  return new RequestFailed({
    stage: 'target',
    cause: problem,
    hint: say`Use 1 to ${MAX_NAME_LENGTH} letters, digits, blanks and the like: name 8f3aQd Anna`,
  })
}

function taken(name: SafeText, owner: Peer): RequestFailed {
  return new RequestFailed({
    stage: 'target',
    cause: say`${shortPeerId(owner.peerId)} is called "${name}" already`,
    hint: say`Choose another name, or take it from that peer first: name ${shortPeerId(owner.peerId)}`,
  })
}
