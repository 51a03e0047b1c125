import type { SafeText } from './safe-text.ts'

const PEER = /\/p2p\/[^/]+$/

/** A multiaddr without the Peer ID at its end, for a place that names the peer already. */
export function withoutPeerId(address: SafeText): SafeText {
  return address.replace(PEER, '') as SafeText
}
