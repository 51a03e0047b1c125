import type { Peer, PeerUpdate } from '@libp2p/interface'
import { safeText } from '../../core/safe-text.ts'
import type { BusContext } from './bus-context.ts'
import type { SafeListeners } from './listening.ts'
import { peerAddresses } from './peer-addresses.ts'

const MAX_PROTOCOLS = 128

/**
 * Changes in libp2p's peer store. It writes one for the time of every dial too; only those are told that change the
 * addresses or protocols.
 */
export function reportPeerUpdates({ emit, libp2p }: BusContext, listeners: SafeListeners): void {
  listeners.on<PeerUpdate>('peer:update', ({ peer, previous }) => {
    if (peer.id.equals(libp2p.peerId) || (previous !== undefined && saysTheSame(peer, previous))) return
    emit({
      type: 'peer:updated',
      peerId: safeText(peer.id.toString()),
      addresses: peerAddresses(
        peer.id.toString(),
        peer.addresses.map(({ multiaddr }) => multiaddr),
      ),
      protocols: peer.protocols.slice(0, MAX_PROTOCOLS).map(protocol => safeText(protocol)),
    })
  })
}

function saysTheSame(peer: Peer, previous: Peer): boolean {
  return (
    peer.protocols.join() === previous.protocols.join() &&
    peer.addresses.map(({ multiaddr }) => multiaddr.toString()).join() ===
      previous.addresses.map(({ multiaddr }) => multiaddr.toString()).join()
  )
}
