/** Limits of connections: what a node lets happen at once, and refuses beyond that. */
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

const NOUNS: { readonly [L in Limit]: SafeText } = {
  connections: say`connections`,
  perHost: say`connections of one host`,
  hostRate: say`connections a second from one host`,
  pending: say`handshakes at once`,
  dials: say`dials at once`,
  streams: say`streams opened by one peer`,
}

/** What a limit counts, e.g. `handshakes at once`. */
export function limitNoun(limit: Limit): SafeText {
  return NOUNS[limit]
}

/** A limit in one word, e.g. `per-host`. */
export function limitName(limit: Limit): SafeText {
  return safeText(limit.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`))
}

/** The option that sets a limit, e.g. `--max-per-host`. */
export function limitOption(limit: Limit): SafeText {
  return say`--max-${limitName(limit)}`
}
