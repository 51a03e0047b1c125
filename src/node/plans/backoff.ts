/** The wait before the first try, and the longest between two, in ms. */
const FIRST_MS = 1_000
const LONGEST_MS = 60_000
/** Each wait is up to this share shorter, so that many who lost a peer at once do not all come back at once. */
const JITTER = 0.25

/**
 * How long to wait before the next try, in ms: a second, doubling to a minute.
 *
 * @param failures tries in vain so far
 * @param random from 0 up to but not including 1
 */
export function backoffMs(failures: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16))
  return Math.round(full * (1 - JITTER * random))
}
