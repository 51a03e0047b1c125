import { type SafeText, safeText, say } from '../core/safe-text.ts'
import { answers } from './answers.ts'
import { AGENT } from './create-node.ts'
import { isNeeded } from './limits/needed.ts'
import { tellKnownPeers } from './memory/known-peers.ts'
import type { NodeOptions } from './options.ts'
import { assemble, type Parts, type Surroundings } from './parts.ts'
import type { RequestHandlers } from './port/local-port.ts'
import { openProfile } from './profile/profile.ts'

const STOPPED = say`This node stopped`

/** A node with all its parts, from its start to its end: what happens to it goes to the hub. */
export class RunningNode {
  /** What is asked of it comes in here. */
  readonly answers: RequestHandlers
  readonly #parts: Parts

  /**
   * @throws {RequestFailed} at stage `start` when the profile cannot be used; other errors are libp2p's own
   */
  static async start(options: NodeOptions, surroundings: Surroundings): Promise<RunningNode> {
    const profile = await openProfile(options, surroundings.clock.now())
    const parts = await assemble(options, { ...surroundings, profile }).catch(async error => {
      await profile.close()
      throw error
    })
    const node = new RunningNode(parts)
    try {
      await node.#begin(options)
      return node
    } catch (error) {
      // Whoever wanted this node learns why there is none; nothing of it may stay behind.
      await node.#shutDown(STOPPED).catch(() => undefined)
      await profile.close()
      throw error
    }
  }

  private constructor(parts: Parts) {
    this.#parts = parts
    this.answers = answers(parts)
  }

  /** Says goodbye on the local network, closes every connection and frees the profile. */
  async stop(): Promise<void> {
    try {
      await this.#shutDown(STOPPED)
    } finally {
      this.#parts.hub.emit({ type: 'node:stopped', reason: STOPPED })
      await this.#parts.profile.close()
    }
  }

  async #begin(options: NodeOptions): Promise<void> {
    const { libp2p, hub, profile, bus, relays, reach, routing, network, limits, given, emit } = this.#parts
    for (const notice of profile.notices) emit({ type: 'warning:raised', ...notice })
    if (options.offline === true) {
      // The address book is all that there is: the node has started once that is told.
      await this.#tellKnown()
      this.#tellStarted()
      return
    }
    for (const address of [...options.bootstrap, ...(options.relays ?? [])]) given.add(address)
    await routing.prepare()
    if (options.autoRelay === true) relays.reserveAnywhere()
    await libp2p.start()
    this.#tellStarted()
    limits.start({
      libp2p,
      connections: () => bus.connections.all(),
      isWanted: peerId => isNeeded(hub.state, peerId),
      closing: (connection, reason) => bus.connections.pruning(connection, reason),
      cutting: ({ id }, reason) => bus.connections.closing(reason, { connectionId: safeText(id) }),
    })
    await this.#tellKnown()
    // Before anybody can connect: identify tells what this node does once a connection.
    if (options.relayServer !== undefined) await relays.serve(options.relayServer)
    await bus.listening.listenOnAll(options.listen)
    await network?.start()
    await routing.started()
    await reach.start()
    // A relay that does not answer must not hold up the start.
    void relays.reserveAtAll(options.relays ?? [])
  }

  #tellStarted(): void {
    const { libp2p, profile, emit } = this.#parts
    emit({
      type: 'node:started',
      peerId: safeText(libp2p.peerId.toString()),
      agentVersion: safeText(AGENT),
      ...(profile.profile === undefined ? {} : { profile: profile.profile }),
    })
  }

  /** Who is known from earlier runs, and the plans that a person has with them. */
  async #tellKnown(): Promise<void> {
    const { libp2p, notes, proven, ages, plans, emit } = this.#parts
    await tellKnownPeers({ libp2p, notes, proven, emit, forget: peerId => ages.forget(peerId) })
    plans.tell()
  }

  /** Ends every part, also where one before it fails: nothing may go on without the others. @throws the first fault */
  async #shutDown(reason: SafeText): Promise<void> {
    const { libp2p, ages, bus, pinger, relays, reach, routing, plans, limits, autoDial, network, floods } =
      this.#parts
    const faults: unknown[] = []
    for (const end of [
      () => routing.stop(),
      () => autoDial?.stop(),
      () => plans.stop(),
      () => ages.stop(),
      () => pinger.stop(),
      () => network?.stop(),
      () => reach.stop(),
      () => bus.stopping(reason),
      () => relays.stop(),
      () => libp2p.stop(),
      () => limits.stop(),
      () => bus.stop(),
      () => floods.stop(),
    ]) {
      try {
        await end()
      } catch (error) {
        faults.push(error)
      }
    }
    if (faults.length > 0) throw faults[0]
  }
}
