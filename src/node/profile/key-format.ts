/**
 * A private key as bytes: libp2p's protobuf, which its specification wants in one exact form, so that for Ed25519
 * it is a fixed header, the seed and the public key.
 *
 * @see https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md#keys
 */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { privateKeyFromProtobuf } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'

/** Field 1 (type) is 1 (Ed25519), field 2 (data) has 64 bytes. */
const HEADER = Uint8Array.of(0x08, 0x01, 0x12, 0x40)
const SEED_BYTES = 32
const KEY_BYTES = HEADER.length + 2 * SEED_BYTES
/** What stands before the seed in PKCS #8. @see https://datatracker.ietf.org/doc/html/rfc8410#section-7 */
const PKCS8_HEADER = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The other values of field 1. */
const OTHER_KINDS: Readonly<Record<number, SafeText>> = {
  0: safeText('RSA'),
  2: safeText('secp256k1'),
  3: safeText('ECDSA'),
}

/** The key that the bytes hold, or why they hold none. */
export type DecodedKey = { key: Ed25519PrivateKey } | { problem: SafeText }

/**
 * Reads a key from its bytes. `problem` goes on after "the file ...": "is empty".
 *
 * Checks more than libp2p does: that takes the public half on trust, and a file with one wrong bit there would
 * become a Peer ID that no handshake can prove.
 */
export function decodeKey(bytes: Uint8Array): DecodedKey {
  if (bytes.length === 0) return { problem: safeText('is empty') }
  if (!startsWith(bytes, HEADER)) return { problem: otherKind(bytes) }
  if (bytes.length < KEY_BYTES) {
    return { problem: say`is cut short: ${bytes.length} of ${KEY_BYTES} bytes are left` }
  }
  if (bytes.length > KEY_BYTES) return { problem: say`has more in it than the ${KEY_BYTES} bytes of a key` }
  const seed = bytes.subarray(HEADER.length, HEADER.length + SEED_BYTES)
  if (!startsWith(bytes.subarray(HEADER.length + SEED_BYTES), publicHalf(seed))) {
    return { problem: safeText('is damaged: its public half does not belong to its private half') }
  }
  // The header says which kind it is.
  return { key: privateKeyFromProtobuf(bytes) as Ed25519PrivateKey }
}

/** By OpenSSL: libp2p does this in JavaScript, whose first time takes longer than all else on the way to a node. */
function publicHalf(seed: Uint8Array): Uint8Array {
  const der = Buffer.concat([PKCS8_HEADER, seed])
  const { x = '' } = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({
    format: 'jwk',
  })
  return Buffer.from(x, 'base64url')
}

function otherKind(bytes: Uint8Array): SafeText {
  if (startsWith(bytes, new TextEncoder().encode('-----BEGIN'))) {
    return safeText("is in PEM form, not an Ed25519 key in libp2p's own form")
  }
  const kind = bytes[0] === HEADER[0] && bytes[2] === HEADER[2] ? OTHER_KINDS[bytes[1] ?? -1] : undefined
  if (kind !== undefined) return say`holds a key of the kind ${kind}, not Ed25519`
  if (startsWith(HEADER, bytes)) return say`is cut short: ${bytes.length} of ${KEY_BYTES} bytes are left`
  return safeText("does not hold an Ed25519 key in libp2p's form")
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length && start.every((byte, i) => bytes[i] === byte)
}
