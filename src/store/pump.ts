import type { Clock } from '../core/clock.ts'
import type { NodePort } from '../core/port.ts'
import type { Store } from './store.ts'

/** A commit of events each so many ms on average: 12 a second keep a screen alive and leave the keys their time. */
export const COMMIT_EVERY_MS = 80

/**
 * A resting node says something small several times a second; each time would be a frame. On the screen it comes once a
 * second, as clocks do.
 */
const ROUTINE_WAIT_MS = 1000

/**
 * Feeds a store from a port until the node is gone. One pull is one commit: the first event after a quiet moment shows
 * at once, and so does what soon follows it, e.g. how a dial went after that it began. Under load events gather on the
 * node's side, where what waits is bounded.
 */
export async function pump(port: NodePort, store: Store, clock: Clock): Promise<void> {
  const subscription = port.subscribe({ recent: true, routineWaitMs: ROUTINE_WAIT_MS })
  // When the commits made so far have used up their time; never more than one of them ahead of it.
  let paidUntil = Number.NEGATIVE_INFINITY
  for (;;) {
    const batch = await subscription.next()
    if (batch === undefined) break
    store.apply(batch)
    const now = clock.monotonic()
    paidUntil = Math.max(paidUntil, now - COMMIT_EVERY_MS) + COMMIT_EVERY_MS
    const early = paidUntil - now
    if (early > 0) await new Promise<void>(resolve => clock.after(early, resolve))
  }
  store.finish(await port.ended)
}
