import { formatCount } from '../../core/format.ts'
import { type Limits, limitOption } from '../../core/limit-terms.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import { hostPending, inboundShare } from './accept-gate.ts'
import { keptDescriptors } from './descriptors.ts'
import type { AccountLimits } from './largest-accounts.ts'

/** A node is of no use with fewer sockets for connections than this. */
const LEAST_SOCKETS = 4
/** What waits may take this share of the memory, within these bounds, in bytes; one connection this share of that. */
const BUFFERED_SHARE = 1 / 8
const BUFFERED = { least: 32 << 20, most: 512 << 20 }
const OF_ONE = 1 / 4
/** Streams that one host may have open, for each that one connection may. */
const CONNECTIONS_FULL_OF_STREAMS = 16

/** All limits of a node that are numbers. */
export interface AllLimits extends Limits, AccountLimits {
  /** How many of the connections others may open. */
  inbound: number
  hostPending: number
  /** Absent: there is no limit of them. */
  descriptors?: number
}

/** What a machine has. */
export interface Machine {
  /** Bytes. */
  memory: number
  /** How many file descriptors there may be, and how many are open before a node starts. */
  descriptors: { limit: number; used: number }
}

/**
 * The limits that this machine has room for: those that were asked for, or what its file descriptors and its memory allow.
 *
 * @returns `notice`: what was asked for and is not to be had
 * @throws {TooFewDescriptorsError} where there is no room for a node at all
 */
export function fitLimits(
  asked: Limits,
  { memory, descriptors }: Machine,
): { most: AllLimits; notice?: { cause: SafeText; hint: SafeText } } {
  const sockets = descriptors.limit - descriptors.used - keptDescriptors(descriptors.limit)
  if (sockets < LEAST_SOCKETS) throw new TooFewDescriptorsError(descriptors)
  const fits = asked.connections <= sockets
  const connections = Math.min(asked.connections, sockets)
  const most: Limits = {
    ...asked,
    connections,
    perHost: fits ? asked.perHost : Math.min(asked.perHost, Math.ceil(connections / 2)),
    pending: Math.min(asked.pending, sockets),
    // A dial takes one of those that are kept.
    dials: fits ? asked.dials : Math.min(asked.dials, Math.ceil(keptDescriptors(descriptors.limit) / 2)),
  }
  const allBuffered = Math.round(Math.min(BUFFERED.most, Math.max(BUFFERED.least, memory * BUFFERED_SHARE)))
  const all: AllLimits = {
    ...most,
    inbound: inboundShare(connections),
    hostPending: hostPending(most.pending),
    hostStreams: most.streams * CONNECTIONS_FULL_OF_STREAMS,
    buffered: Math.round(allBuffered * OF_ONE),
    allBuffered,
    ...(Number.isFinite(descriptors.limit) && { descriptors: descriptors.limit }),
  }
  if (fits) return { most: all }
  return {
    most: all,
    notice: {
      cause: say`Room for only ${formatCount(connections)} of ${formatCount(asked.connections)} connections: the limit is ${formatCount(descriptors.limit)} file descriptors`,
      hint: say`restart after ulimit -n ${descriptorsFor(asked.connections)}, or with a lower ${limitOption('connections')}`,
    },
  }
}

/** How many descriptors to have for so many connections: a power of two. */
function descriptorsFor(connections: number): number {
  const enough = (connections + SPARE) / (1 - 1 / 8)
  return 2 ** Math.ceil(Math.log2(enough))
}

/** What a node has open beside its connections, at the most. */
const SPARE = 64

/** This process may not open enough files and sockets for a node. */
export class TooFewDescriptorsError extends Error {
  override readonly name = 'TooFewDescriptorsError'
  readonly limit: number

  constructor({ limit, used }: Machine['descriptors']) {
    super(`${limit} file descriptors, ${used} of them in use`)
    this.limit = limit
  }
}
