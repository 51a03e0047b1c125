import type { Address, Peer, PeerData, PeerStore } from '@libp2p/interface'

/** What is kept of one peer in the address book: what it says of itself, or others of it, is their choice. */
export const MOST_OF_A_PEER = {
  addresses: 32,
  /** Of one address, as bytes; a relayed one with hashes of certificates has some 200. */
  addressBytes: 256,
  protocols: 64,
  /** Characters of one protocol id. */
  protocolLength: 128,
  /** Of one value that was noted, e.g. its agent version. */
  metadataBytes: 256,
  /** Of its signed record. */
  envelopeBytes: 8_192,
} as const

type Change = PeerStore['patch']

/**
 * Sees that libp2p's address book keeps no more than {@link MOST_OF_A_PEER}, which with as many peers as are remembered
 * bounds it in memory and on the disk. Left alone it adds to a peer's addresses whatever it is told of them, for ever.
 */
export function boundAddressBook(peerStore: PeerStore): void {
  const patch: Change = peerStore.patch.bind(peerStore)
  for (const name of ['save', 'patch', 'merge'] as const) {
    const change: Change = peerStore[name].bind(peerStore)
    peerStore[name] = async (id, data, options) => {
      const told = bounded(data)
      const peer = await change(id, told, options)
      if (peer.addresses.length <= MOST_OF_A_PEER.addresses) return peer
      return await patch(id, { addresses: fewer(peer, told) }, options)
    }
  }
}

/** What was told of a peer, without what is too much. */
function bounded(data: PeerData): PeerData {
  const { addresses, multiaddrs, protocols, metadata, peerRecordEnvelope } = data
  const { addressBytes, protocolLength, metadataBytes, envelopeBytes } = MOST_OF_A_PEER
  return {
    ...data,
    ...(addresses && {
      addresses: addresses
        .filter(({ multiaddr }) => multiaddr.bytes.length <= addressBytes)
        .slice(0, MOST_OF_A_PEER.addresses),
    }),
    ...(multiaddrs && {
      multiaddrs: multiaddrs
        .filter(({ bytes }) => bytes.length <= addressBytes)
        .slice(0, MOST_OF_A_PEER.addresses),
    }),
    ...(protocols && {
      protocols: protocols
        .filter(protocol => protocol.length <= protocolLength)
        .slice(0, MOST_OF_A_PEER.protocols),
    }),
    ...(metadata && {
      metadata: Object.fromEntries(
        [...(metadata instanceof Map ? metadata : Object.entries(metadata))].map(([key, value]) => [
          key,
          value?.subarray(0, metadataBytes),
        ]),
      ),
    }),
    ...(peerRecordEnvelope &&
      peerRecordEnvelope.byteLength > envelopeBytes && { peerRecordEnvelope: undefined }),
  } as PeerData
}

/** As many of a peer's addresses as are kept: those just told, then those that it signed. */
function fewer({ addresses }: Peer, { multiaddrs = [], addresses: certified = [] }: PeerData): Address[] {
  const told = new Set([...multiaddrs, ...certified.map(({ multiaddr }) => multiaddr)].map(String))
  const worth = ({ multiaddr, isCertified }: Address): number =>
    (told.has(multiaddr.toString()) ? 2 : 0) + (isCertified ? 1 : 0)
  return [...addresses].sort((a, b) => worth(b) - worth(a)).slice(0, MOST_OF_A_PEER.addresses)
}
