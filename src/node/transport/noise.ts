import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import { noise } from '@chainsafe/libp2p-noise'
import { defaultCrypto } from '@chainsafe/libp2p-noise/crypto'
import type { ConnectionEncrypter } from '@libp2p/interface'
import type { Libp2pOptions } from 'libp2p'
import { Uint8ArrayList } from 'uint8arraylist'
import { type Bytes, piecesOf } from '../pieces.ts'

type EncrypterFactory = NonNullable<Libp2pOptions['connectionEncrypters']>[number]

const CIPHER = 'chacha20-poly1305'
const TAG_BYTES = 16
/** Shorter messages, in bytes, are left to the cipher of the library: for them WebAssembly is quicker than OpenSSL. */
export const LONG_BYTES = 1200
const NOWHERE = new Uint8Array(0)

/** What a connection over noise is made of: EncryptedMessageStream of @chainsafe/libp2p-noise 17.0. */
export interface OverNoise {
  /** Decrypts one message. */
  decrypt(message: Bytes): Bytes
  readonly handshake: {
    /** @param into room for the plaintext, for ciphers that want some */
    decrypt(message: Bytes, into: Uint8Array): Bytes
  }
}

/**
 * Noise as the library has it, for four fifths of its CPU time where much data passes. It copied each message that came
 * in two pieces, into memory that OpenSSL has no use for, and had Node prepare the same key for every message.
 *
 * @see docs/upstream/libp2p-noise-cost-of-a-message.md
 * @see https://github.com/libp2p/specs/blob/master/noise/README.md
 */
export const leanNoise: EncrypterFactory = components => {
  const encrypter: ConnectionEncrypter = noise({ crypto: leanCrypto })(components)
  const { secureInbound, secureOutbound } = encrypter
  encrypter.secureInbound = async (raw, options) =>
    withoutCopies(await secureInbound.call(encrypter, raw, options))
  encrypter.secureOutbound = async (raw, options) =>
    withoutCopies(await secureOutbound.call(encrypter, raw, options))
  return encrypter
}

function withoutCopies<T extends { connection: object }>(result: T): T {
  const over = result.connection as OverNoise
  const decrypt = over.decrypt.bind(over)
  over.decrypt = message =>
    message.byteLength < LONG_BYTES ? decrypt(message) : over.handshake.decrypt(message, NOWHERE)
  return result
}

/** The ciphers of noise: ChaCha20-Poly1305 (RFC 8439). Decrypting throws where a byte was changed on the way. */
export const leanCrypto: typeof defaultCrypto = {
  ...defaultCrypto,
  chaCha20Poly1305Encrypt(plaintext, nonce, ad, key) {
    const { byteLength } = plaintext
    if (byteLength < LONG_BYTES) return defaultCrypto.chaCha20Poly1305Encrypt(plaintext, nonce, ad, key)
    const cipher = createCipheriv(CIPHER, keyObjectOf(key), nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(ad, { plaintextLength: byteLength })
    const output = new Uint8ArrayList()
    for (const piece of piecesOf(plaintext)) output.append(cipher.update(piece))
    cipher.final()
    output.append(cipher.getAuthTag())
    return output
  },
  chaCha20Poly1305Decrypt(ciphertext, nonce, ad, key, into) {
    const { byteLength } = ciphertext
    if (byteLength < LONG_BYTES)
      return defaultCrypto.chaCha20Poly1305Decrypt(ciphertext, nonce, ad, key, into)
    const end = byteLength - TAG_BYTES
    const decipher = createDecipheriv(CIPHER, keyObjectOf(key), nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(ad, { plaintextLength: end })
    decipher.setAuthTag(ciphertext.subarray(end))
    const output = new Uint8ArrayList()
    const text = ciphertext instanceof Uint8Array ? ciphertext.subarray(0, end) : ciphertext.sublist(0, end)
    for (const piece of piecesOf(text)) output.append(decipher.update(piece))
    // Throws unless the tag is that of these bytes.
    decipher.final()
    return output
  },
}

/** A connection has one key each way as long as it lasts, and always as the same array. */
const keyObjects = new WeakMap<Uint8Array, KeyObject>()

function keyObjectOf(key: Uint8Array): KeyObject {
  const known = keyObjects.get(key)
  if (known !== undefined) return known
  const made = createSecretKey(key)
  keyObjects.set(key, made)
  return made
}
