import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeKey } from '../../../src/node/profile/key-format.ts'

const key = await generateKeyPair('Ed25519')
const bytes = privateKeyToProtobuf(key)

async function problemIn(content: Uint8Array): Promise<string> {
  const decoded = decodeKey(content)
  return 'problem' in decoded ? decoded.problem : 'none'
}

describe('a key as bytes', () => {
  it('is what libp2p writes', async () => {
    const decoded = decodeKey(bytes)
    expect('key' in decoded && decoded.key.equals(key)).toBe(true)
    expect('key' in decoded && decoded.key.publicKey.equals(key.publicKey)).toBe(true)
  })

  it.each([
    ['nothing', new Uint8Array(), /^is empty$/],
    ['one byte of it', bytes.subarray(0, 1), /^is cut short: 1 of 68 bytes/],
    ['its header', bytes.subarray(0, 4), /^is cut short: 4 of 68 bytes/],
    ['all but its last byte', bytes.subarray(0, 67), /^is cut short: 67 of 68 bytes/],
    ['more than it', Uint8Array.of(...bytes, 0), /^has more in it/],
    ['garbage', new Uint8Array(68).fill(0xff), /^does not hold an Ed25519 key/],
    ['the raw key', key.raw, /^does not hold an Ed25519 key/],
    ['PEM', new TextEncoder().encode('-----BEGIN PRIVATE KEY-----\nMC4'), /^is in PEM form/],
  ])('is not %s', async (_, content, problem) => {
    expect(await problemIn(content)).toMatch(problem)
  })

  it.each(['RSA', 'secp256k1', 'ECDSA'] as const)('is not of the kind %s', async kind => {
    const other =
      kind === 'RSA'
        ? await generateKeyPair(kind, 1024)
        : await (kind === 'ECDSA' ? generateKeyPair(kind) : generateKeyPair(kind))
    expect(await problemIn(privateKeyToProtobuf(other))).toBe(`holds a key of the kind ${kind}, not Ed25519`)
  })

  it('is not one whose public half is another one, which libp2p takes', async () => {
    const damaged = Uint8Array.from(bytes)
    damaged[67] = (damaged[67] ?? 0) ^ 1
    expect(() => privateKeyFromProtobuf(damaged)).not.toThrow()
    expect(await problemIn(damaged)).toMatch(/damaged/)
  })

  it('is refused with one wrong bit wherever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 68 * 8 - 1 }), async bit => {
        const damaged = Uint8Array.from(bytes)
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(await problemIn(damaged)).not.toBe('none')
      }),
    )
  })

  it('is never refused with an exception', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async content => {
        expect(await problemIn(content)).not.toBe('none')
      }),
    )
  })
})
