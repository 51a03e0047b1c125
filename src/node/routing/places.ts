/** Kademlia's key space: SHA-256 of Peer IDs and keys, and how far they are from each other (XOR). */
import { createHash } from 'node:crypto'
import type { PeerId } from '@libp2p/interface'

/** Where a key is. */
export function placeOfKey(key: Uint8Array): Uint8Array {
  return createHash('sha256').update(key).digest()
}

/** Where a peer is. */
export function placeOf(peerId: PeerId): Uint8Array {
  return placeOfKey(peerId.toMultihash().bytes)
}

/** How far two places are from each other: a number of 256 bits, the highest first. */
export function distance(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, index) => byte ^ (b[index] ?? 0))
}

/** Negative: the first one is shorter. */
export function compareDistance(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b)
}

/** How many leading bits two places have in common: which bucket of one the other is in. */
export function sharedBits(a: Uint8Array, b: Uint8Array): number {
  const first = a.findIndex((byte, index) => byte !== b[index])
  if (first === -1) return a.length * 8
  return first * 8 + Math.clz32((a[first] ?? 0) ^ (b[first] ?? 0)) - 24
}
