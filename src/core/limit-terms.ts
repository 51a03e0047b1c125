/** Limits: what a node lets others spend of it, and refuses beyond that. */
import { type SafeText, safeText, say } from './safe-text.ts'

/**
 * `connections`: open at once, in both directions; `perHost`: of one host, handshakes included; `hostRate`: that one host
 * begins a second; `pending`: handshakes of others under way; `dials`: dials of ours under way; `streams`: that the other
 * side of one connection has open.
 */
export const LIMITS = ['connections', 'perHost', 'hostRate', 'pending', 'dials', 'streams'] as const
/** One of {@link LIMITS}. */
export type Limit = (typeof LIMITS)[number]

/** How many of each. */
export type Limits = { readonly [L in Limit]: number }

/** Limits without an option: nobody has a reason to change them. Each with what it counts. */
const FIXED_NOUNS = {
  negotiation: say`protocol negotiation messages`,
  message: say`bytes in one message`,
  frames: say`costly frames on one connection`,
  replies: say`unread replies on one connection`,
  referrals: say`addresses reachable from where they were named`,
  referredDials: say`dials triggered by one peer's answers`,
  dialsToHost: say`dials to one host`,
  dialBacks: say`dial-backs requested by one host`,
  reservations: say`reservations held by one host`,
  circuits: say`relayed connections from one host`,
  relayRequests: say`relay requests from one host`,
  requests: say`requests from one host`,
  pings: say`pings on one connection`,
  bytes: say`bytes in requests from one host`,
  serving: say`open streams per protocol and host`,
  answering: say`time to handle one request`,
  punches: say`hole punches for peers of one relay`,
  mdnsBytes: say`mDNS bytes a second from one neighbour`,
  mdnsPeers: say`peers announced by one neighbour`,
  hostPending: say`handshakes at once from one host`,
  handshake: say`failed handshakes`,
  descriptors: say`file descriptors`,
  coolDown: say`connections from hosts that exceeded a limit`,
  hostStreams: say`streams opened by one host`,
  buffered: say`data waiting on one connection`,
  allBuffered: say`data waiting on all connections`,
} as const satisfies Record<string, SafeText>
/** A limit without an option. */
export type FixedLimit = keyof typeof FIXED_NOUNS
/** The names of all {@link FixedLimit}. */
export const FIXED_LIMITS = Object.keys(FIXED_NOUNS) as [FixedLimit, ...FixedLimit[]]
/** Any limit, with an option or without. */
export type AnyLimit = Limit | FixedLimit
/** All of them. */
export const ANY_LIMITS: readonly [AnyLimit, ...AnyLimit[]] = [...LIMITS, ...FIXED_LIMITS]

/** Whether a limit has an option. */
export function hasOption(limit: AnyLimit): limit is Limit {
  return (LIMITS as readonly AnyLimit[]).includes(limit)
}

/** What was done about what exceeded a limit: it was turned away, thrown away, made to wait, or its connection was closed. */
export const EXCESS_ACTIONS = ['refused', 'dropped', 'delayed', 'closed'] as const
/** One of {@link EXCESS_ACTIONS}. */
export type ExcessAction = (typeof EXCESS_ACTIONS)[number]

/** Who has an account of what it has of this node. */
export const ACCOUNT_KINDS = ['host', 'peer', 'connection', 'protocol'] as const
/** One of {@link ACCOUNT_KINDS}. */
export type AccountKind = (typeof ACCOUNT_KINDS)[number]

const NOUNS: { readonly [L in AnyLimit]: SafeText } = {
  ...FIXED_NOUNS,
  connections: say`connections`,
  perHost: say`connections from one host`,
  hostRate: say`connections a second from one host`,
  pending: say`handshakes at once`,
  dials: say`dials at once`,
  streams: say`streams opened by one peer`,
}

/** What a limit counts, e.g. `handshakes at once`. */
export function limitNoun(limit: AnyLimit): SafeText {
  return NOUNS[limit]
}

/** A limit in one word, e.g. `per-host`. */
export function limitName(limit: AnyLimit): SafeText {
  return safeText(limit.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`))
}

/** The option that sets a limit, e.g. `--max-per-host`. */
export function limitOption(limit: Limit): SafeText {
  return say`--max-${limitName(limit)}`
}

/** What stands for a limit where there is little room: its option, or its name where it has none. */
export function limitLabel(limit: AnyLimit): SafeText {
  return hasOption(limit) ? limitOption(limit) : limitName(limit)
}
