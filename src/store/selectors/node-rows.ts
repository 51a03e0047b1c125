import { type SafeText, say } from '../../core/safe-text.ts'
import type { Connection, Peer, Warning } from '../../core/swarm.ts'
import { holeOf } from '../swarm/punches.ts'
import type { SwarmState } from '../swarm/state.ts'

/** Warnings in force, the latest first. */
export function warningsOf({ warnings }: SwarmState): Warning[] {
  return warnings.size === 0 ? [] : [...warnings.values()].sort((a, b) => b.time - a.time)
}

/** Open connections to a peer, in the order in which they were opened. */
export function connectionsOf({ connections }: SwarmState, peer: Peer): Connection[] {
  return peer.connectionIds.map(id => connections.get(id)).filter(connection => connection !== undefined)
}

/** The address that says most: of an open connection that we dialed, else the most trustworthy known one. */
export function bestAddress(swarm: SwarmState, peer: Peer): SafeText | undefined {
  return addressAmong(connectionsOf(swarm, peer), peer)
}

/**
 * {@link bestAddress} of a peer with its Peer ID at the end, as a dial takes it; undefined when none is known. The far
 * end of a hole that was punched is none: it is there for this one connection.
 */
export function dialable(swarm: SwarmState, peerId: SafeText): SafeText | undefined {
  const peer = swarm.peers.get(peerId)
  if (peer === undefined) return undefined
  const hole = holeOf(swarm, peerId)
  const best = addressAmong(
    connectionsOf(swarm, peer).filter(({ address }) => address !== hole),
    peer,
  )
  if (best === undefined) return undefined
  return best.endsWith(`/p2p/${peerId}`) ? best : say`${best}/p2p/${peerId}`
}

/** Direct connections before relayed ones. */
function addressAmong(connections: readonly Connection[], peer: Peer): SafeText | undefined {
  const dialed = connections.filter(({ direction }) => direction === 'outbound')
  const best = dialed.find(({ relayed }) => relayed !== true) ?? dialed[0]
  return best?.address ?? peer.addresses[0] ?? connections[0]?.address
}

/** The listening address to show where there is room for one: one that others can reach, IPv4 first. */
export function mainAddress(listening: readonly SafeText[]): SafeText | undefined {
  return [...listening].sort((a, b) => remoteness(a) - remoteness(b))[0]
}

const LOCAL = /^\/ip4\/127\.|^\/ip6\/::1\//
const IP4 = /^\/ip4\//

function remoteness(address: SafeText): number {
  if (LOCAL.test(address)) return 2
  return IP4.test(address) ? 0 : 1
}
