import type { Address, Peer, PeerData, PeerStore } from '@libp2p/interface'

/** What is kept of one peer in the address book: what it says of itself, or others of it, is their choice. */
export const MOST_OF_A_PEER = {
  addresses: 32,
  /** Of one address, as bytes; a relayed one with hashes of certificates has some 200. */
  addressBytes: 256,
  /** Of all of them: thirty of the usual length with hashes of certificates. */
  allAddressBytes: 4_096,
  protocols: 64,
  /** Characters of one protocol id. */
  protocolLength: 128,
  /** Characters of all of them: a peer that speaks everything that there is has some 1,000. */
  allProtocolsLength: 2_048,
  /** Of one value that was noted, e.g. its agent version. */
  metadataBytes: 256,
} as const

type Change = PeerStore['patch']

/**
 * Sees that libp2p's address book keeps no more than {@link MOST_OF_A_PEER}, which with as many peers as are remembered
 * bounds it in memory and on the disk. Left alone it adds to a peer's addresses whatever it is told of them, for ever.
 *
 * The signed record is not kept: its addresses are, as signed ones. libp2p would only compare it with a later one, which
 * it takes from nobody but the peer itself.
 */
export function boundAddressBook(peerStore: PeerStore): void {
  const patch: Change = peerStore.patch.bind(peerStore)
  for (const name of ['save', 'patch', 'merge'] as const) {
    const change: Change = peerStore[name].bind(peerStore)
    peerStore[name] = async (id, data, options) => {
      const told = bounded(data)
      const peer = await change(id, told, options)
      const addresses = fewer(peer, told)
      return addresses.length === peer.addresses.length ? peer : await patch(id, { addresses }, options)
    }
  }
}

/** What was told of a peer, without what is too much. */
function bounded(data: PeerData): PeerData {
  const { peerRecordEnvelope: _, ...kept } = data
  const { addresses, multiaddrs, protocols, metadata } = data
  const { metadataBytes } = MOST_OF_A_PEER
  return {
    ...kept,
    ...(addresses && { addresses: within(ADDRESSES, addresses, ({ multiaddr }) => multiaddr.bytes.length) }),
    ...(multiaddrs && { multiaddrs: within(ADDRESSES, multiaddrs, ({ bytes }) => bytes.length) }),
    ...(protocols && { protocols: within(PROTOCOLS, protocols, ({ length }) => length) }),
    ...(metadata && {
      metadata: Object.fromEntries(
        [...(metadata instanceof Map ? metadata : Object.entries(metadata))].map(([key, value]) => [
          key,
          value?.subarray(0, metadataBytes),
        ]),
      ),
    }),
  } as PeerData
}

/** How many of something there may be, how large one of it, and all together. */
interface Room {
  count: number
  each: number
  all: number
}

const ADDRESSES: Room = {
  count: MOST_OF_A_PEER.addresses,
  each: MOST_OF_A_PEER.addressBytes,
  all: MOST_OF_A_PEER.allAddressBytes,
}
const PROTOCOLS: Room = {
  count: MOST_OF_A_PEER.protocols,
  each: MOST_OF_A_PEER.protocolLength,
  all: MOST_OF_A_PEER.allProtocolsLength,
}

/** Those for which there is room, the first ones first. */
function within<T>(room: Room, items: readonly T[], sizeOf: (item: T) => number): T[] {
  const kept: T[] = []
  let left = room.all
  for (const item of items) {
    const size = sizeOf(item)
    if (size > room.each || size > left) continue
    kept.push(item)
    left -= size
    if (kept.length === room.count) break
  }
  return kept
}

/** As many of a peer's addresses as are kept: those just told, then those that it signed. */
function fewer({ addresses }: Peer, { multiaddrs = [], addresses: certified = [] }: PeerData): Address[] {
  const told = new Set([...multiaddrs, ...certified.map(({ multiaddr }) => multiaddr)].map(String))
  const worth = ({ multiaddr, isCertified }: Address): number =>
    (told.has(multiaddr.toString()) ? 2 : 0) + (isCertified ? 1 : 0)
  const best = [...addresses].sort((a, b) => worth(b) - worth(a))
  return within(ADDRESSES, best, ({ multiaddr }) => multiaddr.bytes.length)
}
