import type { Clock } from '../core/clock.ts'
import type { NodePort } from '../core/port.ts'
import type { PortEnd } from '../core/requests.ts'

/** A node that was asked to stop gets so long, in ms: with it the whole program ends within a second. */
export const STOP_WITHIN_MS = 900

/**
 * Stops a node, and settles with how it ended: undefined when that took too long, or `hurry` settled first. Its thread
 * ends with the process then.
 */
export async function stopPort(
  port: NodePort,
  clock: Clock,
  hurry: Promise<void>,
): Promise<PortEnd | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const cancel = clock.after(STOP_WITHIN_MS, () => resolve(undefined))
  void port.stop().catch(() => {})
  try {
    return await Promise.race([port.ended, late, hurry.then(() => undefined)])
  } finally {
    cancel()
  }
}
