import { expect, it } from 'vitest'
import { toLimits } from '../../../src/modes/options/limits.ts'
import { DEFAULT_LIMITS } from '../../../src/node/options.ts'

const MIB = 1 << 20

it('with much memory all defaults hold, however much it is', () => {
  expect(toLimits({}, 1 << 30)).toEqual(DEFAULT_LIMITS)
  expect(toLimits({}, 2 ** 45)).toEqual(DEFAULT_LIMITS)
})

it('with little memory there are as many connections as it is enough for, half of them for one host', () => {
  expect(toLimits({}, 128 * MIB)).toEqual({ ...DEFAULT_LIMITS, connections: 128, perHost: 64 })
  expect(toLimits({}, 0)).toEqual({ ...DEFAULT_LIMITS, connections: 16, perHost: 8 })
})

it('what a person asks for holds, whatever memory there is', () => {
  expect(toLimits({ maxConnections: 5_000 }, 128 * MIB)).toMatchObject({ connections: 5_000, perHost: 500 })
  expect(toLimits({ maxPerHost: 100 }, 128 * MIB)).toMatchObject({ connections: 128, perHost: 100 })
})
