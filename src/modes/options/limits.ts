import type { Limits } from '../../core/limit-terms.ts'
import { connectionsFor, memoryBytes } from '../../node/limits/memory.ts'
import { DEFAULT_LIMITS } from '../../node/options.ts'
import type { Given } from './given.ts'
import type { OptionSpec } from './option.ts'

/** More than one process can have, and more than a flood needs. */
const MOST = 100_000

/** Options about how much may be at once. */
export const LIMIT_OPTIONS: readonly OptionSpec[] = [
  {
    key: 'maxConnections',
    flag: 'max-connections',
    kind: 'count',
    value: '<n>',
    summary: 'open connections; a tenth is reserved for own dials (1000, or what memory allows)',
    range: { least: 2, most: MOST },
  },
  {
    key: 'maxPerHost',
    flag: 'max-per-host',
    kind: 'count',
    value: '<n>',
    summary: 'open connections from one host; an IPv6 /56 is one host (500)',
    range: { least: 1, most: MOST },
  },
  {
    key: 'maxHostRate',
    flag: 'max-host-rate',
    kind: 'count',
    value: '<n>',
    summary: 'new connections a second from one host (200)',
    range: { least: 1, most: MOST },
  },
  {
    key: 'maxPending',
    flag: 'max-pending',
    kind: 'count',
    value: '<n>',
    summary: 'inbound handshakes at once, at most a quarter from one host (400)',
    range: { least: 1, most: MOST },
  },
  {
    key: 'maxDials',
    flag: 'max-dials',
    kind: 'count',
    value: '<n>',
    summary: 'own dials at once; four times as many can wait (100)',
    range: { least: 1, most: MOST },
  },
  {
    key: 'maxStreams',
    flag: 'max-streams',
    kind: 'count',
    value: '<n>',
    summary: 'open streams from the peer on one connection (256)',
    range: { least: 8, most: MOST },
  },
]

/**
 * The limits that were chosen, defaults filled in. One host may have half of all connections, however few these are.
 *
 * @param memory bytes that this process may use
 */
export function toLimits(given: Given, memory = memoryBytes()): Limits {
  const defaults = DEFAULT_LIMITS
  const connections = given.maxConnections ?? Math.min(defaults.connections, connectionsFor(memory))
  return {
    connections,
    perHost: given.maxPerHost ?? Math.min(defaults.perHost, Math.ceil(connections / 2)),
    hostRate: given.maxHostRate ?? defaults.hostRate,
    pending: given.maxPending ?? defaults.pending,
    dials: given.maxDials ?? defaults.dials,
    streams: given.maxStreams ?? defaults.streams,
  }
}
