import { describe, expect, it } from 'vitest'
import { fitLimits, TooFewDescriptorsError } from '../../../src/node/limits/fit-limits.ts'
import { DEFAULT_LIMITS } from '../../../src/node/options.ts'

const MIB = 1 << 20
const GIB = 1 << 30
const NO_LIMIT = { limit: Number.POSITIVE_INFINITY, used: 30 }
const machine = (memory: number, descriptors = NO_LIMIT) => ({ memory, descriptors })

describe('what waits in buffers', () => {
  it.each([
    ['little', 64 * MIB, 32 * MIB],
    ['some', 2 * GIB, 256 * MIB],
    ['much', 64 * GIB, 512 * MIB],
  ])(
    'may take an eighth of the memory, within bounds, and one connection a quarter of that: %s',
    (_, memory, all) => {
      expect(fitLimits(DEFAULT_LIMITS, machine(memory)).most).toMatchObject({
        allBuffered: all,
        buffered: all / 4,
      })
    },
  )
})

describe('file descriptors', () => {
  it('without a limit lower nothing, and are none of the limits', () => {
    const { most, notice } = fitLimits(DEFAULT_LIMITS, machine(GIB))
    expect(most).toMatchObject(DEFAULT_LIMITS)
    expect(most).not.toHaveProperty('descriptors')
    expect(notice).toBeUndefined()
  })

  it('that are enough lower nothing', () => {
    const { most, notice } = fitLimits(DEFAULT_LIMITS, machine(GIB, { limit: 2_048, used: 30 }))
    expect(most).toMatchObject({ ...DEFAULT_LIMITS, descriptors: 2_048 })
    expect(notice).toBeUndefined()
  })

  it('that are few lower all that takes sockets, and it is said what to do', () => {
    const { most, notice } = fitLimits(DEFAULT_LIMITS, machine(GIB, { limit: 64, used: 24 }))
    // 64 without those in use and the 8 that are kept.
    expect(most).toEqual({
      ...DEFAULT_LIMITS,
      connections: 32,
      perHost: 16,
      pending: 32,
      dials: 4,
      inbound: 29,
      hostPending: 8,
      hostStreams: 4_096,
      buffered: 32 * MIB,
      allBuffered: 128 * MIB,
      descriptors: 64,
    })
    expect(notice?.cause).toContain('Room for only 32 of 1,000 connections')
    expect(notice?.hint).toContain('ulimit -n 2048')
  })

  it('lower nothing that was asked for and is less', () => {
    const asked = { ...DEFAULT_LIMITS, connections: 100, perHost: 3, pending: 5, dials: 2 }
    expect(fitLimits(asked, machine(GIB, { limit: 64, used: 24 })).most).toMatchObject({
      connections: 32,
      perHost: 3,
      pending: 5,
      dials: 2,
    })
  })

  it('that leave room for four sockets are enough for a node, and fewer are not', () => {
    expect(fitLimits(DEFAULT_LIMITS, machine(GIB, { limit: 32, used: 20 })).most.connections).toBe(4)
    expect(() => fitLimits(DEFAULT_LIMITS, machine(GIB, { limit: 32, used: 21 }))).toThrow(
      TooFewDescriptorsError,
    )
  })
})
