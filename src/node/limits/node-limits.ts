import type { Connection, Libp2p } from '@libp2p/interface'
import type { Clock } from '../../core/clock.ts'
import type { NewEvent } from '../../core/events.ts'
import type { Limit, Limits } from '../../core/limit-terms.ts'
import { type SafeText, safeAddress } from '../../core/safe-text.ts'
import { InboundGate, inboundShare } from './inbound-gate.ts'
import { Pruner } from './pruner.ts'
import { reached } from './reached.ts'
import { Refusals } from './refusals.ts'
import { type Use, UseSampler } from './use-sampler.ts'

/** What limits are kept with. */
export interface NodeLimitsOptions {
  clock: Clock
  most: Limits
  emit(event: NewEvent): void
}

/** Something that exceeds a limit, and what was done about it. */
export type Excess = Omit<NewEvent<'limit:exceeded'>, 'type'>

/** What is there once the node is built. */
export interface LimitedNode {
  libp2p: Pick<Libp2p, 'getDialQueue'>
  connections(): Iterable<Connection>
  /** Whether a person or a reservation needs the connections to a peer. */
  isWanted(peerId: SafeText): boolean
  /** Called before a connection is closed for want of room. */
  closing(connection: Connection, reason: SafeText): void
}

/** The limits of a node: keeps to them, tells of what they refuse and of how much of them is used. */
export class NodeLimits {
  /** For libp2p's `connectionGater`. */
  readonly gate: InboundGate
  readonly refusals: Refusals
  readonly #options: NodeLimitsOptions
  readonly #open = new Map<SafeText, 'inbound' | 'outbound'>()
  /** Peers that a person dialed, and that are connected still. */
  readonly #asked = new Set<SafeText>()
  #outbound = 0
  #pruner: Pruner | undefined
  #sampler: UseSampler | undefined

  constructor(options: NodeLimitsOptions) {
    const { clock, most, emit } = options
    this.#options = options
    this.refusals = new Refusals({ clock, emit })
    this.gate = new InboundGate({
      most,
      outbound: () => this.#outbound,
      refused: (limit, from) =>
        void this.refused(limit, { direction: 'inbound', address: safeAddress(from) }),
    })
  }

  /** Called when the node has started. */
  start({ libp2p, connections, isWanted, closing }: LimitedNode): void {
    const { clock, most, emit } = this.#options
    const inbound = inboundShare(most.connections)
    emit({ type: 'limits:set', ...most, inbound })
    this.#pruner = new Pruner({
      most: most.connections,
      connections,
      isWanted: peerId => this.#asked.has(peerId) || isWanted(peerId),
      closing: connection => closing(connection, reached('connections', most)),
    })
    const measure = () => this.#use(libp2p.getDialQueue().length)
    this.#sampler = new UseSampler({ clock, emit, inbound, measure })
  }

  /** Tells of a connection that a limit refused. @returns why, in words */
  refused(
    limit: Limit,
    about: Pick<NewEvent<'connection:refused'>, 'direction' | 'address' | 'peerId' | 'requestId'>,
  ): SafeText {
    const reason = reached(limit, this.#options.most)
    this.refusals.tell({ type: 'connection:refused', ...about, reason, limit })
    return reason
  }

  /** Tells of a stream that a limit refused. */
  streamRefused(of: Pick<NewEvent<'stream:refused'>, 'peerId' | 'connectionId'>): void {
    const limit = 'streams'
    this.refusals.tell({ type: 'stream:refused', ...of, reason: reached(limit, this.#options.most), limit })
  }

  /**
   * Tells of something that exceeds a limit. To be called for each: the first of an offender is told at once, those that
   * follow are counted.
   */
  exceeded(excess: Excess): void {
    this.refusals.tell({ type: 'limit:exceeded', ...excess })
  }

  /** A person wants to be connected to this peer: its connections are not pruned while they last. */
  asked(peerId: SafeText): void {
    this.#asked.add(peerId)
  }

  /** A peer has lost its last connection. */
  peerLeft(peerId: SafeText): void {
    this.#asked.delete(peerId)
  }

  /** Told of every event of the node. */
  heard(event: NewEvent): void {
    if (event.type === 'connection:opened') this.#opened(event)
    else if (event.type === 'connection:closed') this.#closed(event)
  }

  stop(): void {
    this.#sampler?.stop()
    this.refusals.stop()
  }

  #opened({ connectionId, direction }: NewEvent<'connection:opened'>): void {
    this.#open.set(connectionId, direction)
    if (direction === 'outbound') this.#outbound += 1
    this.#pruner?.opened(this.#open.size)
  }

  #closed({ connectionId }: NewEvent<'connection:closed'>): void {
    if (this.#open.get(connectionId) === 'outbound') this.#outbound -= 1
    this.#open.delete(connectionId)
  }

  #use(dials: number): Use {
    const inbound = this.#open.size - this.#outbound
    // Of one that has just closed the place may be free before its end is told.
    const pending = Math.max(0, this.gate.taken - inbound)
    return { connections: this.#open.size, inbound, perHost: this.gate.busiest, pending, dials }
  }
}
