import type { NewEvent } from '../../../core/events.ts'
import type { ReachContext } from '../reach.ts'
import { AutonatClient } from './client.ts'
import { autonatParts } from './parts.ts'
import { answerOthers } from './server.ts'

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
  const parts = autonatParts(context.libp2p)
  const client = sides.asks ? new AutonatClient(context, parts.client) : undefined
  context.emit({ type: 'autonat:started', ...sides })
  await client?.start()
  const stopAnswering = sides.answers ? await answerOthers(context, parts.server) : undefined
  return {
    heard: event => client?.heard(event),
    stop: async () => {
      await stopAnswering?.()
      await client?.stop()
    },
  }
}
