import { describe, expect, it } from 'vitest'
import type { Given } from '../../../src/modes/options/given.ts'
import { toSettings } from '../../../src/modes/options/settings.ts'
import { DEFAULT_NODE_OPTIONS } from '../../../src/node/options.ts'

describe('toSettings', () => {
  it('prefers flags to the environment, that to the file, and all to the defaults', () => {
    const settings = toSettings(
      [{ profile: 'flag' }, { profile: 'env', mdnsTtl: 5 }, { profile: 'file', mdnsTtl: 6, pingInterval: 0 }],
      false,
    )
    expect(settings.node).toEqual({
      ...DEFAULT_NODE_OPTIONS,
      profile: 'flag',
      mdnsTtlMs: 5000,
      pingIntervalMs: 0,
    })
    expect(settings.chosen).toEqual({ profile: true, listen: false })
  })

  it('gives one host half of the connections, where nothing else was said', () => {
    const limits = (given: Given) => toSettings([given], false).node.limits
    expect(limits({ maxConnections: 20 })).toMatchObject({ connections: 20, perHost: 10 })
    expect(limits({ maxConnections: 20, maxPerHost: 20 })).toMatchObject({ connections: 20, perHost: 20 })
    expect(limits({})).toEqual(DEFAULT_NODE_OPTIONS.limits)
  })

  it('has no colours on a dumb terminal', () => {
    expect(toSettings([], false).colour).toBe(true)
    expect(toSettings([], true).colour).toBe(false)
    expect(toSettings([{ color: false }], false).colour).toBe(false)
  })
})
