import { peerName, shortPeerId } from '../../core/format.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { SwarmState } from '../swarm/state.ts'

/** What a peer is called on screen and in answers: its pet name, or else the end of its Peer ID. */
export function shownName({ peers }: Pick<SwarmState, 'peers'>, peerId: SafeText): SafeText {
  const peer = peers.get(peerId)
  return peer === undefined ? shortPeerId(peerId) : peerName(peer)
}
