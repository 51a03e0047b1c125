import type { Address, Peer, PeerData, PeerId, PeerStore } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { Line } from '../line.ts'
import { bookable, isBookable } from './bookable.ts'

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

/** Whose address book it is, and which addresses nobody may drive out of it. */
export interface BookOptions {
  /** Our own Peer ID: what we say of ourselves is written as it is. */
  self: PeerId
  /** Where a peer has proved to be, without /p2p/ and the peer at the end. */
  proven(peerId: string): readonly string[]
}

/**
 * Stands between everybody who writes and libp2p's address book, which believes whatever it is told.
 *
 * It keeps no more than {@link MOST_OF_A_PEER}, which with as many peers as are remembered bounds it in memory and on the
 * disk. Left alone libp2p adds to a peer's addresses for ever. What goes first is what others say: an address that was
 * proved stays whatever anybody says, and one that the peer has signed until it signs others. Addresses that are
 * not fit to be copied and printed do not come in.
 *
 * The signed record is not kept: its addresses are, as signed ones. libp2p would only compare it with a later one, which
 * it takes from nobody but the peer itself.
 */
export function guardAddressBook(peerStore: PeerStore, { self, proven }: BookOptions): void {
  const patch: Change = peerStore.patch.bind(peerStore)
  const inTurn = turns()
  const change = async (how: 'save' | 'patch' | 'merge', ...[id, data, options]: Parameters<Change>) => {
    const write = original[how]
    if (id.equals(self)) return await write(id, data, options)
    const told = bounded(data)
    const same = how === 'merge' ? await unchanged(peerStore, id, told) : undefined
    if (same !== undefined) return same
    if (told.addresses === undefined && told.multiaddrs === undefined) {
      return await write(id, told, options)
    }
    const proofs = bookable(proven(id.toString())).map(unsigned)
    const said = [...(told.addresses ?? []), ...(told.multiaddrs ?? []).map(unsigned)]
    // Replacing what is there is the right of the peer itself, whose addresses libp2p writes as `addresses`.
    const signed = how === 'merge' || told.addresses !== undefined ? [] : await signedBy(id, peerStore)
    const { multiaddrs: _, ...rest } = told
    const peer = await write(id, { ...rest, addresses: [...said, ...signed, ...proofs] }, options)
    const best = kept([...peer.addresses, ...proofs], { said: said.map(withoutPeer(id)), proofs })
    if (sameAddresses(best, peer.addresses)) return peer
    // An address that has grown too old stays out of sight, however often it is written, until it has been taken out.
    const isOld = proofs.some(proof => !peer.addresses.some(at => at.multiaddr.equals(proof.multiaddr)))
    if (isOld) await patch(id, { addresses: peer.addresses }, options)
    return await patch(id, { addresses: best }, options)
  }
  const original = {
    save: peerStore.save.bind(peerStore),
    patch,
    merge: peerStore.merge.bind(peerStore),
  }
  for (const how of ['save', 'patch', 'merge'] as const) {
    peerStore[how] = (id, data, options) => inTurn(id.toString(), () => change(how, id, data, options))
  }
}

/** Runs what is done about one peer one after the other: each change reads what the one before has left. */
function turns(): <T>(key: string, task: () => Promise<T>) => Promise<T> {
  const lines = new Map<string, Line>()
  return async (key, task) => {
    const line = lines.get(key) ?? new Line()
    lines.set(key, line)
    try {
      return await line.run(task)
    } finally {
      if (line.idle) lines.delete(key)
    }
  }
}

/**
 * The peer as it is, where all that is to be added is protocols that it has already: libp2p adds one with every stream that
 * opens, and writes all that it knows of the peer to the disk each time, changed or not.
 */
async function unchanged(peerStore: PeerStore, id: PeerId, data: PeerData): Promise<Peer | undefined> {
  const { protocols, ...others } = data
  if (protocols === undefined || Object.keys(others).length > 0) return undefined
  const peer = await peerStore.get(id).catch(() => undefined)
  return peer !== undefined && protocols.every(protocol => peer.protocols.includes(protocol))
    ? peer
    : undefined
}

/** As libp2p writes an address of a peer. */
function withoutPeer(id: PeerId): (address: Address) => Address {
  const suffix = `/p2p/${id.toString()}`
  return ({ multiaddr, isCertified }) => ({
    multiaddr: multiaddr.toString().endsWith(suffix) ? multiaddr.decapsulate(suffix) : multiaddr,
    isCertified,
  })
}

function unsigned(multiaddr: Multiaddr): Address {
  return { multiaddr, isCertified: false }
}

async function signedBy(id: PeerId, peerStore: Pick<PeerStore, 'get'>): Promise<Address[]> {
  const { addresses } = await peerStore.get(id).catch(() => ({ addresses: [] }))
  return addresses.filter(({ isCertified }) => isCertified)
}

function sameAddresses(some: readonly Address[], others: readonly Address[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ multiaddr }) => others.some(other => other.multiaddr.equals(multiaddr)))
  )
}

/** So many of the addresses that are told at once are looked at: some may be odd. */
const MOST_LOOKED_AT = 4 * MOST_OF_A_PEER.addresses

/** The room that an address takes; none holds one that must not come in. */
function sizeOf(multiaddr: Multiaddr): number {
  return isBookable(multiaddr) ? multiaddr.bytes.length : Number.POSITIVE_INFINITY
}

/** What was told of a peer, without what is too much. */
function bounded(data: PeerData): PeerData {
  const { peerRecordEnvelope: _, ...kept } = data
  const { addresses, multiaddrs, protocols, metadata } = data
  const { metadataBytes } = MOST_OF_A_PEER
  return {
    ...kept,
    ...(addresses && {
      addresses: within(ADDRESSES, addresses.slice(0, MOST_LOOKED_AT), ({ multiaddr }) => sizeOf(multiaddr)),
    }),
    ...(multiaddrs && { multiaddrs: within(ADDRESSES, multiaddrs.slice(0, MOST_LOOKED_AT), sizeOf) }),
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

/**
 * As many of a peer's addresses as are kept: proven ones, then those that it signed and those just told in turn, so that
 * neither leaves no room for the other, then those of earlier.
 */
function kept(all: readonly Address[], { said, proofs }: { said: Address[]; proofs: Address[] }): Address[] {
  const keys = (addresses: readonly Address[]) => new Set(addresses.map(({ multiaddr }) => String(multiaddr)))
  const [fresh, proved] = [keys(said), keys(proofs)]
  const groups: [proven: Address[], signed: Address[], told: Address[], earlier: Address[]] = [[], [], [], []]
  for (const address of all) {
    const key = address.multiaddr.toString()
    const group = proved.has(key) ? 0 : address.isCertified ? 1 : fresh.has(key) ? 2 : 3
    groups[group].push(address)
  }
  const [proven, signed, told, earlier] = groups
  const inTurn = Array.from({ length: Math.max(signed.length, told.length) }, (_, n) => [
    ...signed.slice(n, n + 1),
    ...told.slice(n, n + 1),
  ]).flat()
  const best = new Map<string, Address>()
  for (const address of [...proven, ...inTurn, ...earlier]) {
    const key = address.multiaddr.toString()
    // The same address may be there as a signed one and as one that was told.
    if (best.get(key)?.isCertified !== true) best.set(key, address)
  }
  return within(ADDRESSES, [...best.values()], ({ multiaddr }) => multiaddr.bytes.length)
}
