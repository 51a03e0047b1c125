import type { Stream } from '@libp2p/interface'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reservationLimits, type ToldLimit } from '../../../../src/node/relays/client/hop-answers.ts'

const HOP = {
  protocol: '/libp2p/circuit/relay/0.2.0/hop',
  direction: 'outbound',
  abort: () => {},
} as unknown as Stream
/** STATUS, a reservation with an expiry, and OK: field 1, 3, 5 of HopMessage. */
const GRANTED = [0x08, 2, 0x1a, 6, 0x08, 0x80, 0x80, 0x80, 0x80, 0x08, 0x28, 100]
/** 120 s and 131,072 bytes. */
const LIMIT = [0x22, 6, 0x08, 120, 0x10, 0x80, 0x80, 0x08]

/** What is read of an answer that comes in pieces. */
function read(message: readonly number[], pieces = 1): ToldLimit[] {
  const told: ToldLimit[] = []
  const [observer] = reservationLimits(HOP, limit => told.push(limit))
  const bytes = Uint8Array.from([message.length, ...message])
  const size = Math.ceil(bytes.length / pieces)
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size)
    observer?.received?.(piece.byteLength, piece)
  }
  return told
}

describe('the answer to a request for a reservation', () => {
  it('tells the limits, in however many pieces it comes', () => {
    for (const pieces of [1, 2, 5, 100]) {
      expect(read([...GRANTED, ...LIMIT], pieces)).toEqual([{ duration: 120, data: 131_072 }])
    }
  })

  it('has none where none is told, or a limit of zero', () => {
    expect(read(GRANTED)).toEqual([{}])
    expect(read([...GRANTED, 0x22, 4, 0x08, 0, 0x10, 0])).toEqual([{}])
  })

  it('is not taken for one to another request, or on another stream', () => {
    // OK to CONNECT, with limits; and a refusal.
    expect(read([0x08, 2, 0x28, 100, ...LIMIT])).toEqual([])
    expect(read([0x08, 2, 0x28, 0xc8, 0x01])).toEqual([])
    const other = { ...HOP, protocol: '/ipfs/ping/1.0.0' } as Stream
    expect(reservationLimits(other, () => {})).toEqual([])
    expect(reservationLimits({ ...HOP, direction: 'inbound' } as Stream, () => {})).toEqual([])
  })

  it('does no harm, whatever comes, and is read once', () => {
    expect(read([...GRANTED, ...LIMIT, 0x0d, 1, 2])).toEqual([])
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), pieces => {
        const told: ToldLimit[] = []
        const [observer] = reservationLimits(HOP, limit => told.push(limit))
        for (const piece of pieces) observer?.received?.(piece.byteLength, piece)
        expect(told.length).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('ends the stream when it would be longer than any answer', () => {
    let aborted = 0
    const told: ToldLimit[] = []
    const stream = Object.assign({}, HOP, { abort: () => ++aborted })
    const [observer] = reservationLimits(stream, limit => told.push(limit))
    // The length says 1 MiB.
    for (const piece of [Uint8Array.of(0x80, 0x80), Uint8Array.of(0x40), Uint8Array.from(GRANTED)]) {
      observer?.received?.(piece.byteLength, piece)
    }
    expect(aborted).toBe(1)
    expect(told).toEqual([])
  })
})
