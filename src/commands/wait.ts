/** Waiting that ends: with the time, or when the person cancels. */
import type { Clock } from '../core/clock.ts'
import type { Batch } from '../core/port.ts'
import { reduceSwarm } from '../store/swarm/reduce.ts'
import { fromSnapshot } from '../store/swarm/snapshot.ts'
import { EMPTY_SWARM, type SwarmState } from '../store/swarm/state.ts'
import type { CommandContext } from './command.ts'

/** Settles after `ms`, or at once when `signal` fires. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve()
    const cancel = clock.after(ms, end)
    signal.addEventListener('abort', end, { once: true })
    function end(): void {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
  })
}

/** The state after one more batch. */
export function foldBatch(swarm: SwarmState, batch: Batch): SwarmState {
  return batch.events.reduce(reduceSwarm, batch.snapshot === undefined ? swarm : fromSnapshot(batch.snapshot))
}

/**
 * Looks at the swarm after each batch of events, until `find` has found something. `undefined` when that did not
 * happen within `ms`, the person cancelled or the node is gone.
 */
export async function watchSwarm<T>(
  { port, clock, signal }: Pick<CommandContext, 'port' | 'clock' | 'signal'>,
  ms: number,
  find: (swarm: SwarmState) => T | undefined,
): Promise<T | undefined> {
  const subscription = port.subscribe()
  const end = () => subscription.close()
  const cancel = clock.after(ms, end)
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  try {
    let swarm = EMPTY_SWARM
    for (;;) {
      const batch = await subscription.next()
      if (batch === undefined) return undefined
      swarm = foldBatch(swarm, batch)
      const found = find(swarm)
      if (found !== undefined) return found
    }
  } finally {
    cancel()
    signal.removeEventListener('abort', end)
    subscription.close()
  }
}
