import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
// Not exported by its package: the witness for what goes over the wire.
import { HolePunch } from '../../../../node_modules/@libp2p/dcutr/dist/src/pb/message.js'
import { decodeMessage, encodeMessage } from '../../../../src/node/relays/punch/message.ts'

const messages = fc.record({
  type: fc.constantFrom('CONNECT' as const, 'SYNC' as const),
  observedAddresses: fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 }),
})

describe('a message of DCUtR', () => {
  it("is written byte for byte as libp2p's own", () => {
    fc.assert(
      fc.property(messages, message => {
        const { type, observedAddresses } = message
        const stock = HolePunch.encode({ type: HolePunch.Type[type], observedAddresses })
        expect(Buffer.from(encodeMessage(message))).toEqual(Buffer.from(stock))
      }),
    )
  })

  it('is read back as it was', () => {
    fc.assert(
      fc.property(messages, message => {
        expect(decodeMessage(encodeMessage(message))).toEqual(message)
      }),
    )
  })

  it('may have fields of later versions, which are left out', () => {
    const sync = [...encodeMessage({ type: 'SYNC', observedAddresses: [] })]
    const more = [0x18, 0x96, 0x01, 0x21, ...new Uint8Array(8), 0x2a, 0x02, 0x61, 0x62, 0x35, 0, 0, 0, 0]
    expect(decodeMessage(Uint8Array.from([...more, ...sync]))).toEqual({
      type: 'SYNC',
      observedAddresses: [],
    })
  })

  it.each([
    ['nothing', []],
    ['a type that there is not', [0x08, 0x01]],
    ['a type that ends too soon', [0x08, 0xac]],
    ['an address that ends too soon', [0x08, 0x64, 0x12, 0x05, 0x01]],
    ['an address longer than any', [0x08, 0x64, 0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['a group', [0x1b]],
  ])('is none with %s', (_, bytes) => {
    expect(() => decodeMessage(Uint8Array.from(bytes))).toThrow('not a message of DCUtR')
  })

  it('or else bytes of any kind are refused, and nothing worse', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
        try {
          expect(['CONNECT', 'SYNC']).toContain(decodeMessage(bytes).type)
        } catch (error) {
          expect(error).toMatchObject({ name: 'PunchError', code: 'garbled' })
        }
      }),
    )
  })
})
