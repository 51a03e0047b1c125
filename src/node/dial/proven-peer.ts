import type { ConnectionGater, MultiaddrConnection, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { Multiaddr } from '@multiformats/multiaddr'

/** Who proved to be at the other end is not the peer that was to be there. */
export class WrongPeerError extends Error {
  override readonly name = 'WrongPeerError'

  constructor(expected: PeerId, proved: PeerId) {
    super(`Dialed peer ${expected} but connected to ${proved}`)
  }
}

/**
 * Compares Peer IDs after every handshake, for libp2p's `connectionGater`: whatever the transport, the encryption and
 * whoever dialed, the peer that proved its identity must be the one that the address names, or that a relay says is
 * calling. noise compares public keys, and a Peer ID that is the hash of a key (`Qm...`) carries none, so that it would
 * take anybody.
 *
 * @see https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md
 */
export const provenPeers: Required<
  Pick<ConnectionGater, 'denyInboundEncryptedConnection' | 'denyOutboundEncryptedConnection'>
> = {
  denyInboundEncryptedConnection: compare,
  denyOutboundEncryptedConnection: compare,
}

/** @throws {WrongPeerError}, which says more than a refusal would */
function compare(proved: PeerId, { remoteAddr }: MultiaddrConnection): false {
  const expected = peerOf(remoteAddr)
  if (expected !== undefined && !expected.equals(proved)) throw new WrongPeerError(expected, proved)
  return false
}

/** The peer that an address leads to: of one through a relay the peer behind it. Undefined: it names none. */
function peerOf(address: Multiaddr): PeerId | undefined {
  const components = address.getComponents()
  const behindRelay = components.findLastIndex(({ name }) => name === 'p2p-circuit') + 1
  const name = components.slice(behindRelay).findLast(component => component.name === 'p2p')?.value
  return name === undefined ? undefined : peerIdFromString(name)
}
