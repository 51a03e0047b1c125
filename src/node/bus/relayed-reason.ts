import type { Payload } from '../../core/events.ts'
import { formatBytes, formatDuration } from '../../core/format.ts'
import { type SafeText, say } from '../../core/safe-text.ts'

type Limits = Pick<Payload<'connection:opened'>, 'relayed' | 'limitBytes' | 'limitMs'>
type Use = Pick<Payload<'connection:closed'>, 'durationMs' | 'bytesIn' | 'bytesOut'>

/** The limit is known to the second, and the relay began to count before us. */
const TIME_SLACK_MS = 2_000

/**
 * Why a relayed connection was cut off. The relay does not say: it resets the stream, as the other side may. So what was
 * used is held against the limits.
 *
 * @returns undefined for a direct connection
 */
export function relayedReason(
  { relayed, limitBytes, limitMs }: Limits,
  { durationMs, bytesIn, bytesOut }: Use,
): SafeText | undefined {
  if (relayed !== true) return undefined
  if (limitMs !== undefined && durationMs >= limitMs - TIME_SLACK_MS) {
    return say`The relay's time limit for one connection is over: ${formatDuration(limitMs)}`
  }
  if (limitBytes !== undefined && Math.max(bytesIn, bytesOut) >= limitBytes) {
    return say`The relay's limit for one connection is used up: ${formatBytes(limitBytes)}`
  }
  const of =
    limitBytes === undefined
      ? say``
      : say`, with ${formatBytes(bytesIn + bytesOut)} of ${formatBytes(limitBytes)} used`
  return say`The relay or the other side cut it off${of}`
}
