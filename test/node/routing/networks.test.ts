import { expect, it } from 'vitest'
import { mostHeld, openRecords, protocolOf } from '../../../src/node/routing/networks.ts'
import { sharedBits } from '../../../src/node/routing/places.ts'

it.each([
  ['lan', '/ipfs/lan/kad/1.0.0'],
  ['public', '/ipfs/kad/1.0.0'],
  ['/mine/kad/1.0.0', '/mine/kad/1.0.0'],
])('the DHT called %s speaks %s', (network, protocol) => {
  expect(protocolOf({ network, server: false })).toBe(protocol)
})

it('of several values the one that most hold counts, and the first of equals', () => {
  const [a, b] = [Buffer.from('a'), Buffer.from('b')]
  expect(mostHeld([a, b, b])).toBe(1)
  expect(mostHeld([b, a, a, b])).toBe(0)
})

it('a record larger than 8 KiB is refused', async () => {
  const check = async (length: number) =>
    openRecords.validators.app?.(Buffer.from('/app/x'), new Uint8Array(length))
  await expect(check(8193)).rejects.toThrow('more than 8192 bytes')
  await expect(check(8192)).resolves.toBeUndefined()
})

it('a bucket is the number of leading bits in common', () => {
  expect(sharedBits(Uint8Array.of(0b1010_0000), Uint8Array.of(0b1010_0000))).toBe(8)
  expect(sharedBits(Uint8Array.of(0b1010_0000), Uint8Array.of(0b1011_0000))).toBe(3)
  expect(sharedBits(Uint8Array.of(7, 0), Uint8Array.of(7, 1))).toBe(15)
})
