import type { Peer, PeerUpdate } from '@libp2p/interface'
import type { Cancel } from '../../core/clock.ts'
import type { NewEvent } from '../../core/events.ts'
import { safeText } from '../../core/safe-text.ts'
import type { BusContext } from './bus-context.ts'
import type { SafeListeners } from './listening.ts'
import { peerAddresses } from './peer-addresses.ts'

const MAX_PROTOCOLS = 128

/** After a change of a peer the next ones wait for so long, in ms; the last of them is told then. */
export const QUIET_MS = 1_000

/**
 * Changes in libp2p's peer store. It writes one for the time of every dial too; only those are told that change the
 * addresses or protocols. A peer can change what is known of it as often as it likes, with every provider record that it
 * leaves with a DHT for example: of each the first change is told at once, and then one a second.
 *
 * @returns what ends it
 */
export function reportPeerUpdates({ clock, emit, libp2p }: BusContext, listeners: SafeListeners): Cancel {
  /** Peers of whom something was told a moment ago, with what has changed since, and their timers. */
  const quiet = new Map<string, { latest?: Peer; cancel: Cancel }>()

  const tell = (peer: Peer): void => {
    const id = peer.id.toString()
    emit(updated(peer))
    quiet.set(id, { cancel: clock.after(QUIET_MS, () => over(id)) })
  }
  const over = (id: string): void => {
    const latest = quiet.get(id)?.latest
    quiet.delete(id)
    if (latest !== undefined) tell(latest)
  }
  listeners.on<PeerUpdate>('peer:update', ({ peer, previous }) => {
    if (peer.id.equals(libp2p.peerId) || (previous !== undefined && saysTheSame(peer, previous))) return
    const waiting = quiet.get(peer.id.toString())
    if (waiting === undefined) tell(peer)
    else waiting.latest = peer
  })
  return () => {
    for (const { cancel } of quiet.values()) cancel()
    quiet.clear()
  }
}

function updated(peer: Peer): NewEvent<'peer:updated'> {
  return {
    type: 'peer:updated',
    peerId: safeText(peer.id.toString()),
    addresses: peerAddresses(
      peer.id.toString(),
      peer.addresses.map(({ multiaddr }) => multiaddr),
    ),
    protocols: peer.protocols.slice(0, MAX_PROTOCOLS).map(protocol => safeText(protocol)),
  }
}

function saysTheSame(peer: Peer, previous: Peer): boolean {
  return (
    peer.protocols.join() === previous.protocols.join() &&
    peer.addresses.map(({ multiaddr }) => multiaddr.toString()).join() ===
      previous.addresses.map(({ multiaddr }) => multiaddr.toString()).join()
  )
}
