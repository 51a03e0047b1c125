/** Peers as answers. */
import { formatMs, plural } from '../../core/format.ts'
import { joinSafe, plainWord, type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Peer } from '../../core/swarm.ts'
import type { Answer } from '../answers/answer-schema.ts'
import type { Reply } from '../command.ts'

/** One peer. */
export function peerReply(peer: Peer): Reply {
  return { tone: 'plain', text: lineOf(peer), data: answerOf(peer) }
}

/** How many there are. */
export function peersSum(found: readonly Peer[]): Reply {
  const count = (presence: Peer['presence']) => found.filter(peer => peer.presence === presence).length
  const [connected, heard] = [count('connected'), count('heard')]
  const others = found.length - connected - heard
  return {
    tone: 'plain',
    text: say`${plural(found.length, say`peer`, say`peers`)}: ${connected} connected, ${heard} heard, ${others} others`,
    data: { type: 'peers', peers: found.length, connected, heard, others },
  }
}

function lineOf({ presence, peerId, name, keep, addresses, ping, agentVersion }: Peer): SafeText {
  const rtt = ping.lastMs ?? ping.coldMs
  const parts = [
    safeText(presence),
    peerId,
    ...(name === undefined ? [] : [plainWord(name)]),
    ...(keep === undefined ? [] : [say`kept`]),
    ...addresses.slice(0, 1),
    ...(rtt === undefined ? [] : [formatMs(rtt)]),
    ...(agentVersion === undefined ? [] : [plainWord(agentVersion)]),
  ]
  return joinSafe(parts, ' ')
}

function answerOf(peer: Peer): Answer<'peer'> {
  const { peerId, name, presence, addresses, firstSeen, lastSeen, connectionIds, protocols } = peer
  const { agentVersion, protocolVersion, observedAddress, bytesIn, bytesOut, dialFailure } = peer
  const { received, lost, lastMs, minMs, meanMs, maxMs } = peer.ping
  return {
    type: 'peer',
    peerId,
    name,
    presence,
    kept: peer.keep !== undefined,
    addresses: [...addresses],
    firstSeen,
    lastSeen,
    sources: sourcesOf(peer),
    connections: connectionIds.length,
    agentVersion,
    protocolVersion,
    observedAddress,
    protocols: [...protocols],
    ping: { received, lost, lastMs, minMs, avgMs: meanMs, maxMs },
    bytesIn,
    bytesOut,
    dialFailure,
  }
}

/** Of a peer that is known from earlier runs: who told of it then. */
function sourcesOf({ sightings }: Peer): Answer<'peer'>['sources'] {
  return sightings
    .flatMap(sighting => sighting.earlier ?? [sighting])
    .map(({ source, firstSeen, lastSeen }) => ({ source, firstSeen, lastSeen }))
}
