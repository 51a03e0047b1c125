import type { Limits } from '../core/limit-terms.ts'
import { DEFAULT_LIMITS } from '../node/options.ts'
import type { Given } from './options.ts'

/** The limits that were chosen, defaults filled in. One host may have half of all connections, however few these are. */
export function toLimits(given: Given): Limits {
  const defaults = DEFAULT_LIMITS
  const connections = given.maxConnections ?? defaults.connections
  return {
    connections,
    perHost: given.maxPerHost ?? Math.min(defaults.perHost, Math.ceil(connections / 2)),
    hostRate: given.maxHostRate ?? defaults.hostRate,
    pending: given.maxPending ?? defaults.pending,
    dials: given.maxDials ?? defaults.dials,
    streams: given.maxStreams ?? defaults.streams,
  }
}
