import { describe, expect, it } from 'vitest'
import { durationMs } from '../../../src/node/relays/limit-duration.ts'

describe('the duration of a limit, in ms', () => {
  it.each([
    // Whatever it is called, libp2p for JavaScript says on which platform it runs.
    ['js-libp2p/3.3.11 node/24.1.0', 120_000, 120_000],
    ['js-libp2p/1.9.4 UserAgent=v20.11.1', 120_000, 120_000],
    ['my-relay/2.0.0 node/24.1.0', 300_000, 300_000],
    ['helia/5.4.0 libp2p/2.8.0 UserAgent=v22', 120_000, 120_000],
    // One that does as the protocol says, some day.
    ['js-libp2p/9.0.0 node/30.0.0', 120, 120_000],
    ['go-libp2p/0.48', 120, 120_000],
    ['rust-libp2p/0.57.0', 120_000, 120_000_000],
    ['p2p-tui/0.1.0', 90, 90_000],
    ['p2p-tui/0.1.0', 86_400, 86_400_000],
    [undefined, 120, 120_000],
  ])('of %s, which tells %i', (agent, told, expected) => {
    expect(durationMs(told, agent)).toBe(expected)
  })
})
