import { foldBatch } from '../commands/wait.ts'
import type { NodeEvent } from '../core/events.ts'
import type { Batch, NodePort } from '../core/port.ts'
import { EMPTY_SWARM, type SwarmState } from '../store/swarm/state.ts'

/** The state of a node as its events come. */
export class Following {
  /** Settles when the node runs, or never will. */
  readonly running: Promise<void>
  swarm: SwarmState = EMPTY_SWARM
  readonly #subscription
  readonly #warned: (warning: NodeEvent<'warning:raised'>) => void

  /** @param warned told of each warning */
  constructor(port: NodePort, warned: (warning: NodeEvent<'warning:raised'>) => void) {
    this.#warned = warned
    this.#subscription = port.subscribe()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.running = promise
    void this.#follow(resolve)
  }

  close(): void {
    this.#subscription.close()
  }

  async #follow(started: () => void): Promise<void> {
    for (;;) {
      const batch = await this.#subscription.next()
      if (batch === undefined) break
      this.#take(batch)
      if (this.swarm.node.status === 'running') started()
    }
    started()
  }

  #take(batch: Batch): void {
    for (const event of batch.events) if (event.type === 'warning:raised') this.#warned(event)
    this.swarm = foldBatch(this.swarm, batch)
  }
}
