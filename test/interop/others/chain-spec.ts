/**
 * A chain that exists nowhere, as smoldot wants it described before it dials anybody: a checkpoint at block 1, made of
 * zeros and the like, with one made-up authority. None of it is ever looked at, since nobody has that chain's blocks.
 * The encoding is SCALE (Substrate's), the shape that of `lightSyncState` in a Substrate chain specification.
 */
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
const u64 = (value: number): Buffer => Buffer.concat([u32(value), u32(0)])
/** A compact number below 64, which is also the length of a list. */
const compact = (value: number): Buffer => Buffer.of(value << 2)
const hash = (byte: number): Buffer => Buffer.alloc(32, byte)
const hex = (...parts: Buffer[]): string => `0x${Buffer.concat(parts).toString('hex')}`

const NONE = Buffer.of(0)
const EMPTY_FORK_TREE = Buffer.concat([compact(0), NONE])
const AUTHORITY = Buffer.concat([hash(7), u64(1)])

/** A BABE epoch of ten slots that began with a block: its key in the list, then the epoch itself. */
const epoch = (index: number): Buffer =>
  Buffer.concat([
    ...[hash(index), u32(index)],
    Buffer.of(1),
    ...[u64(index), u64(index * 10), u64(10)],
    ...[compact(1), AUTHORITY, hash(9)],
    // One slot in four has an author, and others may fill in.
    ...[u64(1), u64(4), Buffer.of(1)],
  ])

function header(): string {
  const slot = Buffer.concat([Buffer.of(2), u32(0), u64(5)])
  const preRuntime = Buffer.concat([Buffer.of(6), Buffer.from('BABE'), compact(slot.length), slot])
  const seal = Buffer.concat([Buffer.of(5), Buffer.from('BABE'), Buffer.of(1, 1), Buffer.alloc(64, 3)])
  return hex(hash(1), compact(1), hash(2), hash(3), compact(2), preRuntime, seal)
}

/** The hash of that chain's first block, as smoldot computes it: part of the names of the chain's protocols. */
export const GENESIS = 'a220b969e198e51deea8ea6f3bd7790e0075ade3c0d51513d8ba12a6fb277a98'

/**
 * What one that has the chain says first on its stream of announced blocks: its role (1: it has the blocks), the number
 * and the hash of its best block, and the first block's hash.
 */
export const BLOCKS_HANDSHAKE = Buffer.concat([Buffer.of(1), u32(1), hash(1), Buffer.from(GENESIS, 'hex')])

/** The specification as JSON. @param bootNodes multiaddrs with Peer IDs: who is dialed */
export function chainSpec(bootNodes: readonly string[]): string {
  return JSON.stringify({
    name: 'nowhere',
    id: 'nowhere',
    chainType: 'Live',
    bootNodes,
    properties: {},
    genesis: { stateRootHash: hex(hash(5)) },
    lightSyncState: {
      babeEpochChanges: hex(EMPTY_FORK_TREE, compact(2), epoch(0), epoch(1)),
      babeFinalizedBlockWeight: 1,
      finalizedBlockHeader: header(),
      grandpaAuthoritySet: hex(compact(1), AUTHORITY, u64(0), EMPTY_FORK_TREE, compact(0), compact(0)),
    },
  })
}
