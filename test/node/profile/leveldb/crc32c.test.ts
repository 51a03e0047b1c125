import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CRC_START, crcOver, maskedCrc, storedCrc } from '../../../../src/node/profile/leveldb/crc32c.ts'

/** @see https://datatracker.ietf.org/doc/html/rfc3720#appendix-B.4 */
it.each([
  ['zeros', new Uint8Array(32), 0x8a9136aa],
  ['ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['rising', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ['digits', new TextEncoder().encode('123456789'), 0xe3069283],
])('the CRC of %s is that of the RFC', (_, bytes, crc) => {
  expect(~crcOver(CRC_START, bytes, 0, bytes.length) >>> 0).toBe(crc)
})

it('is the same in one go and in parts, wherever in a buffer the bytes are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), fc.nat(20), (bytes, cut, before) => {
      const middle = Math.min(cut, bytes.length)
      const state = crcOver(crcOver(CRC_START, bytes, 0, middle), bytes, middle, bytes.length)
      const moved = Buffer.concat([Buffer.alloc(before), bytes]).subarray(before)
      expect(storedCrc(moved, 0, moved.length)).toBe(maskedCrc(state))
    }),
  )
})
