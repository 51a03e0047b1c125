import { safeText, say } from '../../core/safe-text.ts'
import { DEFAULT_RELAY_SERVER, type NodeOptions } from '../../node/options.ts'
import type { Given } from './given.ts'
import { DAY, type OptionSpec } from './option.ts'
import { UsageProblem } from './usage-problem.ts'

/** Options about relays, and about being one. */
export const RELAY_OPTIONS: readonly OptionSpec[] = [
  {
    key: 'relay',
    flag: 'relay',
    kind: 'texts',
    value: '<multiaddr>',
    summary:
      'a relay to reserve at, to be reachable through it, or auto: at connected peers; may be repeated',
  },
  {
    key: 'relayServer',
    flag: 'relay-server',
    kind: 'on',
    summary: 'be a relay for others, within the limits below',
  },
  {
    key: 'relayReservations',
    flag: 'relay-reservations',
    kind: 'count',
    value: '<n>',
    summary: 'how many peers may hold a reservation here at once (128)',
    range: { least: 1, most: 10_000 },
  },
  {
    key: 'relayCircuits',
    flag: 'relay-circuits',
    kind: 'count',
    value: '<n>',
    summary: 'how many relayed connections one peer may have here (16)',
    range: { least: 1, most: 10_000 },
  },
  {
    key: 'relayDuration',
    flag: 'relay-duration',
    kind: 'seconds',
    value: '<s>',
    summary: 'how long a relayed connection may last, in seconds (120)',
    range: { least: 1, most: DAY },
  },
  {
    key: 'relayData',
    flag: 'relay-data',
    kind: 'count',
    value: '<bytes>',
    summary: 'how much a relayed connection may carry each way, in bytes (131072)',
    range: { least: 1024, most: 2 ** 40 },
  },
]

/** In place of a relay: any among the connected peers. */
const AUTO = 'auto'
const LIMITS = ['relayReservations', 'relayCircuits', 'relayDuration', 'relayData'] as const

/**
 * Relays to reserve at, and what this node is as a relay.
 *
 * @throws {UsageProblem} for limits of a relay that nobody asked for
 */
export function toRelays(given: Given): Pick<NodeOptions, 'relays' | 'autoRelay' | 'relayServer'> {
  const relays = given.relay?.filter(relay => relay !== AUTO)
  const held = {
    ...(relays === undefined ? {} : { relays }),
    ...(given.relay?.includes(AUTO) === true ? { autoRelay: true } : {}),
  }
  if (given.relayServer !== true) {
    const limit = RELAY_OPTIONS.find(({ key }) =>
      LIMITS.some(name => name === key && given[name] !== undefined),
    )
    if (limit !== undefined) throw new UsageProblem(say`--${safeText(limit.flag)} needs --relay-server`)
    return held
  }
  const { relayReservations, relayCircuits, relayDuration, relayData } = given
  const defaults = DEFAULT_RELAY_SERVER
  return {
    ...held,
    relayServer: {
      ...defaults,
      reservations: relayReservations ?? defaults.reservations,
      circuits: relayCircuits ?? defaults.circuits,
      connectionMs: relayDuration === undefined ? defaults.connectionMs : relayDuration * 1000,
      connectionBytes: relayData ?? defaults.connectionBytes,
    },
  }
}
