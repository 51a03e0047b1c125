import { describe, expect, it } from 'vitest'
import { relayedReason } from '../../../src/node/bus/relayed-reason.ts'

const LIMITS = { relayed: true, limitBytes: 20_000, limitMs: 120_000 }
const LITTLE = { durationMs: 5_000, bytesIn: 300, bytesOut: 700 }

describe('why a relayed connection was cut off', () => {
  it.each([
    ['its time was up', { ...LITTLE, durationMs: 119_000 }, /time limit .* 2 min/],
    ['it sent as much as it may', { ...LITTLE, bytesOut: 20_000 }, /used up: 20 kB/],
    ['it was sent as much as it may', { ...LITTLE, bytesIn: 20_100 }, /used up: 20 kB/],
    ['nobody knows', LITTLE, /^The relay or the other side cut it off, with 1.0 kB of 20 kB used$/],
  ])('%s', (_, use, words) => {
    expect(relayedReason(LIMITS, use)).toMatch(words)
  })

  it('claims no limit that there is not', () => {
    const long = { durationMs: 1e9, bytesIn: 1e9, bytesOut: 1e9 }
    expect(relayedReason({ relayed: true }, long)).toBe('The relay or the other side cut it off')
  })

  it('says nothing of direct ones', () => {
    expect(relayedReason({}, LITTLE)).toBeUndefined()
  })
})
