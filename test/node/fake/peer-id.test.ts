import { peerIdFromString } from '@libp2p/peer-id'
import { describe, expect, it } from 'vitest'
import { fakePeerId, looksLikePeerId } from '../../../src/node/fake/peer-id.ts'
import { Random } from '../../../src/node/fake/random.ts'

describe('the Peer IDs of the fake', () => {
  it('are Peer IDs of Ed25519 keys to libp2p', () => {
    const random = new Random(7)
    for (let n = 0; n < 200; n += 1) {
      const id = fakePeerId(random)
      expect(id).toMatch(/^12D3KooW/)
      expect(id).toHaveLength(52)
      expect(peerIdFromString(id).type).toBe('Ed25519')
      expect(peerIdFromString(id).toString()).toBe(id)
      expect(looksLikePeerId(id)).toBe(true)
    }
  })

  it('are all different, and the same for the same seed', () => {
    const ids = (seed: number) => {
      const random = new Random(seed)
      return Array.from({ length: 1000 }, () => fakePeerId(random))
    }
    expect(new Set(ids(1)).size).toBe(1000)
    expect(ids(1)).toEqual(ids(1))
    expect(ids(2)[0]).not.toBe(ids(1)[0])
  })

  it.each(['', 'alice', '12D3KooW', `12D3KooW${'0'.repeat(44)}`, `12D3KooW${'A'.repeat(45)}`])(
    'do not look like %j',
    text => {
      expect(looksLikePeerId(text)).toBe(false)
    },
  )
})
