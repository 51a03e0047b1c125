import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadMessageError, Messages } from '../../../src/node/guard/messages.ts'
import { varint } from '../../support/peers/protobuf.ts'

const BOUNDS = { lengthBytes: 2, messageBytes: 1024 }

/** What a reader makes of bytes that come in pieces. */
function lengthsOf(bytes: Uint8Array, cuts: readonly number[] = []): number[] {
  const messages = new Messages(BOUNDS)
  const lengths: number[] = []
  let length = 0
  const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length]
  for (let at = 1; at < places.length; at += 1) {
    const piece = bytes.subarray(places[at - 1], places[at])
    const read = messages.read(piece, (part, missing) => {
      length += part.length
      if (missing === 0) {
        lengths.push(length)
        length = 0
      }
      return false
    })
    expect(read).toBe(piece.length)
  }
  return lengths
}

const message = (length: number) => Buffer.concat([varint(length), Buffer.alloc(length, 0xff)])

describe('messages behind their lengths', () => {
  it('are followed whichever way they are cut', () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 1024 }), { maxLength: 8 })
    fc.assert(
      fc.property(lengths, fc.array(fc.nat()), (wanted, cuts) => {
        const bytes = Buffer.concat(wanted.map(message))
        const inside = cuts.map(cut => cut % (bytes.length + 1))
        expect(lengthsOf(bytes, inside)).toEqual(wanted)
      }),
    )
  })

  it.each([
    ['a length that goes on after its second byte', Buffer.alloc(2, 0xff)],
    ['a length of nothing that goes on', Buffer.alloc(3, 0x80)],
    ['one byte more than a message may have', varint(1025)],
  ])('are none with %s', (_, bytes) => {
    expect(() => lengthsOf(bytes)).toThrow(BadMessageError)
    // Whatever comes before, and however it comes.
    expect(() => lengthsOf(Buffer.concat([message(3), bytes]), [1, 4, 5])).toThrow(BadMessageError)
  })

  it('have the longest length that fits', () => {
    expect(lengthsOf(message(1024))).toEqual([1024])
  })

  it('are left alone where the caller stops', () => {
    const messages = new Messages(BOUNDS)
    const bytes = Buffer.concat([message(2), Buffer.alloc(9, 0xff)])
    expect(messages.read(bytes, (_, missing) => missing === 0)).toBe(3)
  })
})
