import type { Clock } from '../core/clock.ts'
import type { Batch, NodePort } from '../core/port.ts'
import type { Store } from './store.ts'

/** A commit of events each so many ms on average: 12 a second keep a screen alive and leave the keys their time. */
export const COMMIT_EVERY_MS = 80

/**
 * A resting node says something small several times a second; each time would be a frame. On the screen it comes once a
 * second, as clocks do.
 */
const ROUTINE_WAIT_MS = 1000

/** So many events are folded at a time: no key waits longer than they take. */
const FOLD_AT_ONCE = 128

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
    store.apply(batch.events.length > FOLD_AT_ONCE ? await foldInParts(batch, store, clock) : batch)
    const now = clock.monotonic()
    paidUntil = Math.max(paidUntil, now - COMMIT_EVERY_MS) + COMMIT_EVERY_MS
    const early = paidUntil - now
    if (early > 0) await new Promise<void>(resolve => clock.after(early, resolve))
  }
  store.finish(await port.ended)
}

/** Folds a batch but for its last part, so that keys have their turn in between. @returns the last part */
async function foldInParts({ events, ...rest }: Batch, store: Store, clock: Clock): Promise<Batch> {
  let from = 0
  let head: Omit<Batch, 'events'> = rest
  for (; events.length - from > FOLD_AT_ONCE; from += FOLD_AT_ONCE) {
    store.fold({ ...head, events: events.slice(from, from + FOLD_AT_ONCE) })
    head = { dropped: 0 }
    await new Promise<void>(resolve => clock.after(0, resolve))
  }
  return { ...head, events: events.slice(from) }
}
