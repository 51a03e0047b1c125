import type { NewEvent } from '../../core/events.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { BusContext } from '../bus/bus-context.ts'
import type { Excess } from '../limits/node-limits.ts'
import type { NodeOptions } from '../options.ts'
import { OwnAddresses } from './own-addresses.ts'

/** What the parts about reachability work with. */
export interface ReachContext extends BusContext {
  /** What is known by now. */
  state: () => SwarmState
  /** Called for each thing that exceeds a limit. */
  exceeded(excess: Excess): void
}

/** Something that was started because an option asked for it. */
interface Running {
  /** Told of every event of the node. */
  heard(event: NewEvent): void
  stop(): Promise<void>
}

/**
 * Whether others can reach this node, and where: what is heard of its addresses; peers that try them (AutoNAT); a router
 * that opens ports (UPnP). The last two contact others: each is loaded and started only where an option asks for it.
 */
export class Reach {
  readonly #context: ReachContext
  readonly #options: Pick<NodeOptions, 'autonat' | 'autonatServer' | 'upnp'>
  readonly #addresses: OwnAddresses
  readonly #running: Running[] = []

  constructor(context: ReachContext, { announce = [], ...options }: NodeOptions) {
    this.#context = context
    this.#options = options
    this.#addresses = new OwnAddresses({ ...context, announced: announce })
  }

  /** Told of every event of the node, after its state has changed. */
  heard(event: NewEvent): void {
    this.#addresses.heard(event)
    for (const part of this.#running) part.heard(event)
  }

  /** Starts what was asked for. Call it when the node listens. */
  async start(): Promise<void> {
    const { autonat = false, autonatServer = false, upnp = false } = this.#options
    if (autonat || autonatServer) {
      const { startAutonat } = await import('./autonat/start.ts')
      this.#running.push(await startAutonat(this.#context, { asks: autonat, answers: autonatServer }))
    }
    if (upnp) {
      const { PortMapper } = await import('./upnp/port-mapper.ts')
      const mapper = new PortMapper(this.#context)
      this.#running.push(mapper)
      mapper.start()
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.splice(0).map(part => part.stop()))
  }
}
