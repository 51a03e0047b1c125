import type { NewEvent } from '../../../core/events.ts'
import type { ReachContext } from '../reach.ts'
import { AutonatClient } from './client.ts'
import { autonatClient } from './parts.ts'
import { AutonatServer } from './server.ts'

/** Which sides of AutoNAT. */
export interface AutonatSides {
  asks: boolean
  answers: boolean
}

/** AutoNAT on a node that runs. */
export interface RunningAutonat {
  /** Told of every event of the node. */
  heard(event: NewEvent): void
  stop(): Promise<void>
}

/** Starts one or both sides of AutoNAT v2 and tells which. */
export async function startAutonat(context: ReachContext, sides: AutonatSides): Promise<RunningAutonat> {
  const client = sides.asks ? new AutonatClient(context, autonatClient(context.libp2p)) : undefined
  const server = sides.answers ? new AutonatServer(context) : undefined
  context.emit({ type: 'autonat:started', ...sides })
  await client?.start()
  await server?.start()
  return {
    heard: event => client?.heard(event),
    stop: async () => {
      await server?.stop()
      await client?.stop()
    },
  }
}
