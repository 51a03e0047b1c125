import type { Connection, Libp2p, PeerId, Upgrader } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { insidesOf } from '../../insides.ts'

interface DirectDial {
  libp2p: Libp2p
  peer: PeerId
  /** Without a Peer ID at their end. */
  addresses: readonly Multiaddr[]
  /** False: we dial, and act as if we had been dialed. Of two sides that dial each other, one must. */
  initiator: boolean
  signal: AbortSignal
}

/** The peer's direct connection that is open. */
export function directTo(libp2p: Libp2p, peer: PeerId): Connection | undefined {
  return libp2p.getConnections(peer).find(({ direct, status }) => direct && status === 'open')
}

/** One dial, after which the connection is as if we had opened it, or as if the other side had. */
async function dialAs(
  initiator: boolean,
  libp2p: Libp2p,
  address: Multiaddr,
  signal: AbortSignal,
): Promise<Connection> {
  const { transportManager, upgrader } = insidesOf(libp2p)
  const transport = transportManager.dialTransportForMultiaddr(address)
  if (transport === undefined) throw new Error('no transport for this address')
  const asDialed: Upgrader = Object.assign(Object.create(upgrader) as Upgrader, {
    upgradeOutbound: (...[socket, options]: Parameters<Upgrader['upgradeOutbound']>) => {
      // The muxer goes by this, and both sides would number their streams alike.
      socket.direction = 'inbound'
      return upgrader.upgradeOutbound(socket, { ...options, initiator: false })
    },
  })
  return await transport.dial(address, { signal, upgrader: initiator ? upgrader : asDialed })
}

/**
 * Dials all addresses of a peer at once, and settles with its first direct connection, whichever side opened it.
 *
 * The transports are asked, not libp2p's queue of dials: that one forgets who is to be the initiator, and would wait
 * for its turn, which in hole punching is too late.
 *
 * @throws AggregateError, when no dial came through
 */
export async function dialDirect({
  libp2p,
  peer,
  addresses,
  initiator,
  signal,
}: DirectDial): Promise<Connection> {
  const done = new AbortController()
  const pending = new Set<AbortController>()
  const dials = addresses.map(async address => {
    const named = address.encapsulate(`/p2p/${peer}`)
    // Of its own, since TCP goes on to listen to it: it must not fire once this dial is through.
    const own = new AbortController()
    pending.add(own)
    try {
      return await dialAs(initiator, libp2p, named, own.signal)
    } finally {
      pending.delete(own)
    }
  })
  const giveUp = (): void => {
    for (const dial of pending) dial.abort()
  }
  signal.addEventListener('abort', giveUp)
  try {
    return await Promise.any([...dials, whenOpened(libp2p, peer, AbortSignal.any([signal, done.signal]))])
  } finally {
    signal.removeEventListener('abort', giveUp)
    done.abort()
    // A connection is told of a moment before the dial that made it is through.
    setImmediate(giveUp)
  }
}

function whenOpened(libp2p: Libp2p, peer: PeerId, signal: AbortSignal): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const onOpen = ({ detail }: CustomEvent<Connection>): void => {
      if (detail.direct && detail.remotePeer.equals(peer)) end(() => resolve(detail))
    }
    const onAbort = (): void => end(() => reject(signal.reason))
    const end = (settle: () => void): void => {
      libp2p.removeEventListener('connection:open', onOpen)
      signal.removeEventListener('abort', onAbort)
      settle()
    }
    libp2p.addEventListener('connection:open', onOpen)
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
  })
}
