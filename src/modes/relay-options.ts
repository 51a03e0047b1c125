import { safeText, say } from '../core/safe-text.ts'
import { DEFAULT_RELAY_SERVER, type NodeOptions } from '../node/options.ts'
import { type Given, OPTIONS, UsageProblem } from './options.ts'

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
    const limit = OPTIONS.find(({ key }) => LIMITS.some(name => name === key && given[name] !== undefined))
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
