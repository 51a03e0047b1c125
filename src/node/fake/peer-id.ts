import { type SafeText, safeText } from '../../core/safe-text.ts'
import type { Random } from './random.ts'

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
/** An identity multihash (0x00) of 36 bytes, which hold a protobuf: key type Ed25519, a key of 32 bytes. */
const ED25519_PREFIX = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)
const ED25519_BYTES = ED25519_PREFIX.length + 32
/** So many base58 digits fit into a safe integer. */
const DIGITS_AT_ONCE = 8
const CHUNK = 58n ** BigInt(DIGITS_AT_ONCE)

/**
 * A Peer ID of the form that Ed25519 keys have, 52 characters from 12D3KooW on. It decodes; nobody has its key.
 *
 * @see https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md
 */
export function fakePeerId(random: Random): SafeText {
  return safeText(base58(Uint8Array.of(...ED25519_PREFIX, ...random.bytes(32))))
}

/** The bytes of one that {@link fakePeerId} made: the multihash of its key. */
export function multihashOf(peerId: SafeText): Uint8Array {
  let number = 0n
  for (const digit of peerId) number = number * 58n + BigInt(BASE58.indexOf(digit))
  return Buffer.from(number.toString(16).padStart(2 * ED25519_BYTES, '0'), 'hex')
}

/** Whether a text looks like a Peer ID: an Ed25519 or secp256k1 key, or a hash of a larger one. */
export function looksLikePeerId(text: string): boolean {
  return /^(12D3KooW[1-9A-HJ-NP-Za-km-z]{44}|16Uiu2HA[1-9A-HJ-NP-Za-km-z]{46}|Qm[1-9A-HJ-NP-Za-km-z]{44})$/u.test(
    text,
  )
}

/** Bitcoin's alphabet; each leading zero byte is one '1'. */
function base58(bytes: Uint8Array): string {
  let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  while (number > 0n) {
    let chunk = Number(number % CHUNK)
    number /= CHUNK
    for (let n = 0; n < DIGITS_AT_ONCE && (number > 0n || chunk > 0); n += 1) {
      text = `${BASE58[chunk % 58]}${text}`
      chunk = Math.floor(chunk / 58)
    }
  }
  const zeros = bytes.findIndex(byte => byte !== 0)
  return '1'.repeat(zeros === -1 ? bytes.length : zeros) + text
}
