import { describe, expect, it } from 'vitest'
import { toRelays } from '../../../src/modes/options/relay.ts'
import { UsageProblem } from '../../../src/modes/options/usage-problem.ts'
import { DEFAULT_RELAY_SERVER } from '../../../src/node/options.ts'

describe('relay options', () => {
  it('are none until somebody asks', () => {
    expect(toRelays({})).toEqual({})
    expect(toRelays({ relayServer: false })).toEqual({})
  })

  it('take any relay among the connected peers for auto', () => {
    expect(toRelays({ relay: ['/a', 'auto'] })).toEqual({ relays: ['/a'], autoRelay: true })
    expect(toRelays({ relay: ['auto'] })).toEqual({ relays: [], autoRelay: true })
  })

  it('serve within the limits given, and the usual ones beside', () => {
    expect(toRelays({ relay: ['/a'], relayServer: true })).toEqual({
      relays: ['/a'],
      relayServer: DEFAULT_RELAY_SERVER,
    })
    const limits = { relayReservations: 3, relayCircuits: 2, relayDuration: 600, relayData: 4_096 }
    expect(toRelays({ relayServer: true, ...limits }).relayServer).toEqual({
      ...DEFAULT_RELAY_SERVER,
      reservations: 3,
      circuits: 2,
      connectionMs: 600_000,
      connectionBytes: 4_096,
    })
  })

  it.each([
    ['relayReservations', '--relay-reservations'],
    ['relayCircuits', '--relay-circuits'],
    ['relayDuration', '--relay-duration'],
    ['relayData', '--relay-data'],
  ] as const)('refuse %s of a relay that nobody asked for', (key, flag) => {
    const problem = () => toRelays({ [key]: 5_000 })
    expect(problem).toThrow(UsageProblem)
    expect(problem).toThrow(`${flag} needs --relay-server`)
  })
})
