/**
 * Who is where. All hosts are addresses of loopback, in a network namespace of their own; those that are not of 127.0.0.0/8
 * are public ones, as the addresses of strangers are.
 */

/** What the namespace's loopback is given beside its own addresses. */
export const NETWORK = '45.33.0.0/16'
/** Where the program under attack listens. */
export const VICTIM = '45.33.0.1'
/** Whom its operator dials. Peers of libp2p tell no public address of theirs before it is confirmed. */
export const FRIENDS = '127.0.0.2'
/** Who pings it all the time. */
export const PINGER = '45.33.2.1'

/** The hosts of honest newcomers, one for each. */
export function newcomer(index: number): string {
  return `45.33.3.${index + 1}`
}

/** The hosts of whoever attacks; most attacks have one. */
export function attacker(index = 0): string {
  return `45.33.66.${index + 1}`
}
