import type { NodeEvent, NodeEventType } from '../../src/core/events.ts'
import type { Batch, NodePort, SubscribeOptions, Subscription } from '../../src/core/port.ts'
import type { SwarmSnapshot } from '../../src/core/swarm.ts'
import { reduceSwarm } from '../../src/store/swarm/reduce.ts'
import { fromSnapshot, toSnapshot } from '../../src/store/swarm/snapshot.ts'
import { EMPTY_SWARM, type SwarmState } from '../../src/store/swarm/state.ts'

/** Reads a port as a screen does: folds what it hears, and starts over from a snapshot after a loss. */
export class PortReader {
  readonly subscription: Subscription
  readonly batches: Batch[] = []
  readonly events: NodeEvent[] = []
  dropped = 0
  state: SwarmState = EMPTY_SWARM

  constructor(port: Pick<NodePort, 'subscribe'>, options?: SubscribeOptions) {
    this.subscription = port.subscribe(options)
  }

  /** Reads one batch; false at the end. */
  async read(): Promise<boolean> {
    const batch = await this.subscription.next()
    if (batch === undefined) return false
    this.batches.push(batch)
    this.events.push(...batch.events)
    this.dropped += batch.dropped
    if (batch.snapshot !== undefined) this.state = fromSnapshot(batch.snapshot)
    this.state = batch.events.reduce(reduceSwarm, this.state)
    return true
  }

  /** Reads until something holds. @throws if the end comes first */
  async until(holds: (reader: this) => boolean): Promise<void> {
    while (!holds(this)) {
      if (!(await this.read())) throw new Error('the port ended before that')
    }
  }

  /** Reads until there is an event of a type that also matches; answers with it. */
  async event<T extends NodeEventType>(
    type: T,
    matches: (event: NodeEvent<T>) => boolean = () => true,
  ): Promise<NodeEvent<T>> {
    const find = (): NodeEvent<T> | undefined => this.of(type).find(matches)
    await this.until(() => find() !== undefined)
    return find() as NodeEvent<T>
  }

  /** Reads to the end. */
  async rest(): Promise<void> {
    while (await this.read());
  }

  /** The state as of an event that has been read; only if nothing was lost. */
  stateAt(seq: number): SwarmState {
    const [first] = this.batches
    if (first?.snapshot === undefined || this.dropped > 0) throw new Error('something is missing')
    return this.events.filter(event => event.seq <= seq).reduce(reduceSwarm, fromSnapshot(first.snapshot))
  }

  /** The events of a type so far. */
  of<T extends NodeEventType>(type: T): NodeEvent<T>[] {
    return this.events.filter(event => event.type === type) as unknown as NodeEvent<T>[]
  }
}

/** A state as plain data in which nothing depends on the order of its parts. */
export function comparable(state: SwarmState | SwarmSnapshot): SwarmSnapshot {
  const snapshot =
    'peers' in state && Array.isArray(state.peers)
      ? (state as SwarmSnapshot)
      : toSnapshot(state as SwarmState)
  return {
    ...snapshot,
    peers: sorted(snapshot.peers, peer => peer.peerId),
    connections: sorted(snapshot.connections, connection => connection.connectionId),
    dials: sorted(snapshot.dials, dial => dial.requestId),
    warnings: sorted(snapshot.warnings, warning => warning.topic),
    protocols: sorted(snapshot.protocols, ({ protocol }) => protocol),
  }
}

function sorted<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}
