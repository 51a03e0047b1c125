import { shortPeerId } from '../../core/format.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { SwarmState } from '../swarm/state.ts'

/** What a narrow place calls a peer: its pet name, else the end of its Peer ID. */
export function peerLabel({ peers }: SwarmState, peerId: SafeText): SafeText {
  return peers.get(peerId)?.name ?? shortPeerId(peerId)
}
