import type { Clock } from '../core/clock.ts'
import type { NodePort } from '../core/port.ts'
import type { Store } from './store.ts'

/** A commit of events each so many ms at the most: 15 a second keep a screen alive and leave the keys their time. */
export const COMMIT_EVERY_MS = 66

/**
 * Feeds a store from a port until the node is gone. One pull is one commit: the first event after a quiet moment shows
 * at once, and under load events gather on the node's side, where what waits is bounded.
 */
export async function pump(port: NodePort, store: Store, clock: Clock): Promise<void> {
  const subscription = port.subscribe({ recent: true })
  for (;;) {
    const batch = await subscription.next()
    if (batch === undefined) break
    store.apply(batch)
    await new Promise<void>(resolve => clock.after(COMMIT_EVERY_MS, resolve))
  }
  store.finish(await port.ended)
}
