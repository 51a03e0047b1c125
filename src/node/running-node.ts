import type { Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { Clock } from '../core/clock.ts'
import type { NewEvent } from '../core/events.ts'
import { RequestFailed } from '../core/failure.ts'
import type { Params, Result } from '../core/requests.ts'
import { type SafeText, safeText, say } from '../core/safe-text.ts'
import { AutoDial } from './auto-dial.ts'
import { AGENT, createNode } from './create-node.ts'
import { AddressFailures } from './dial/address-failures.ts'
import { Dialer } from './dial/dialer.ts'
import { parsePeerId } from './dial/target.ts'
import { tellKnownPeers } from './known-peers.ts'
import { LocalNetwork } from './local-network.ts'
import type { NodeOptions } from './options.ts'
import { PeerMemory } from './peer-memory.ts'
import { PeerPlans } from './peer-plans.ts'
import { Pinger } from './ping/pinger.ts'
import type { EventHub } from './port/event-hub.ts'
import type { RequestContext } from './port/run-request.ts'
import { AgeKeeper } from './profile/age-keeper.ts'
import { PeerNotes } from './profile/peer-notes.ts'
import { type OpenedProfile, openProfile } from './profile/profile.ts'
import { Relays } from './relays/relays.ts'
import { NodeRouting } from './routing/node-routing.ts'
import { SwarmBus } from './swarm-bus.ts'
import { LogTap } from './taps/log-tap.ts'
import { TrafficTap } from './taps/traffic-tap.ts'

const STOPPED = say`This node stopped`

interface Surroundings {
  clock: Clock
  hub: EventHub
}

/** A node with all its parts: what happens to it goes to the hub, what is asked of it comes in here. */
export class RunningNode {
  /** Names, kept connections and what is forgotten. */
  readonly plans: PeerPlans
  readonly #libp2p: Libp2p
  readonly #profile: OpenedProfile
  readonly #hub: EventHub
  readonly #memory: PeerMemory
  readonly #notes: PeerNotes
  readonly #ages: AgeKeeper
  readonly #bus: SwarmBus
  readonly #pinger: Pinger
  readonly #dialer: Dialer
  readonly #relays: Relays
  readonly #routing: NodeRouting
  readonly #autoDial: AutoDial | undefined
  readonly #network: LocalNetwork | undefined

  /**
   * @throws {RequestFailed} at stage `start` when the profile cannot be used; other errors are libp2p's own
   */
  static async start(options: NodeOptions, surroundings: Surroundings): Promise<RunningNode> {
    const profile = await openProfile(options)
    const logTap = new LogTap()
    const trafficTap = new TrafficTap({ streamOpened: stream => node.#bus.streamOpened(stream) })
    const { privateKey, datastore } = profile
    const notes = await PeerNotes.load(datastore?.db)
    const dht =
      options.dht === undefined
        ? undefined
        : (await import('./routing/create-dht.ts')).dhtService(options.dht)
    const libp2p = await createNode({ privateKey, datastore, logTap, trafficTap, dht }).catch(async error => {
      await profile.close()
      throw error
    })
    const node: RunningNode = new RunningNode(options, {
      ...surroundings,
      libp2p,
      profile,
      notes,
      logTap,
      trafficTap,
    })
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

  private constructor(
    options: NodeOptions,
    parts: Surroundings & {
      libp2p: Libp2p
      profile: OpenedProfile
      notes: PeerNotes
      logTap: LogTap
      trafficTap: TrafficTap
    },
  ) {
    const { clock, hub, libp2p, profile, notes, logTap, trafficTap } = parts
    const emit = this.#emit
    this.#libp2p = libp2p
    this.#profile = profile
    this.#hub = hub
    this.#notes = notes
    this.#ages = new AgeKeeper({ clock, hub, notes })
    const forget = (peerId: SafeText) => {
      this.#bus.meter.forgetPeer(peerId)
      this.#ages.forget(peerId)
    }
    this.#memory = new PeerMemory({
      hub,
      peerStore: libp2p.peerStore,
      isWanted: peerId => notes.isWanted(peerId),
      forget,
    })
    this.#pinger = new Pinger({ libp2p, clock, emit, intervalMs: options.pingIntervalMs })
    this.#dialer = new Dialer({ libp2p, clock, emit, failures: new AddressFailures(logTap) })
    this.#relays = new Relays({
      libp2p,
      clock,
      emit,
      logTap,
      dial: (target, request) => this.#dialer.dial(target, request),
    })
    this.#routing = new NodeRouting({
      libp2p,
      clock,
      emit,
      dialer: this.#dialer,
      options,
      isKnown: peerId => hub.state.peers.has(peerId),
    })
    this.#bus = new SwarmBus({
      libp2p,
      clock,
      emit,
      logTap,
      trafficTap,
      peerChanged: (peerId, connected) =>
        connected ? this.#pinger.peerConnected(peerId) : this.#pinger.peerDisconnected(peerId),
    })
    this.plans = new PeerPlans({
      clock,
      hub,
      emit,
      notes,
      peerStore: libp2p.peerStore,
      forget,
      dial: (peerId, request) => this.#dialer.dial(peerId, request),
    })
    if (options.autoDial) {
      this.#autoDial = new AutoDial({
        clock,
        self: libp2p.peerId.toString(),
        isConnected: peerId => libp2p.getConnections(peerIdFromString(peerId)).length > 0,
        dial: (target, request) => this.#dialer.dial(target, request),
      })
    }
    if (options.mdns) this.#network = new LocalNetwork({ libp2p, clock, emit, ttlMs: options.mdnsTtlMs })
  }

  /** @throws {RequestFailed} */
  async dial({ target }: Params<'dial'>, context: RequestContext): Promise<Result<'dial'>> {
    if (target.includes('/p2p-circuit')) await this.#relays.client()
    await this.#routing.locate(target, context)
    return await this.#dialer.dial(target, context)
  }

  /** @throws {RequestFailed} */
  ping({ peerId }: Params<'ping'>, { signal, requestId }: RequestContext): Promise<Result<'ping'>> {
    return this.#pinger.ping(peerId, { signal, requestId })
  }

  keepPinging({ peerId, on }: Params<'keepPinging'>, { requestId }: RequestContext): Result<'keepPinging'> {
    return { running: this.#pinger.keepPinging(peerId, on, requestId) }
  }

  /** @throws {RequestFailed} when there is no such peer or no connection to it */
  async hangUp({ peerId }: Params<'hangUp'>, { requestId }: RequestContext): Promise<Result<'hangUp'>> {
    const id = parsePeerId(peerId)
    const connections = id === undefined ? [] : this.#libp2p.getConnections(id)
    const wasKept =
      id !== undefined && (await this.plans.letGo(safeText(id.toString()), say`You hung up`, requestId))
    if (wasKept && connections.length === 0) return { closed: 0 }
    if (id === undefined || connections.length === 0) {
      throw new RequestFailed({
        stage: 'target',
        cause: say`There is no connection to this peer`,
        hint: say`Only connected peers can be hung up on`,
      })
    }
    // Whoever hangs up does not want to hear of this peer again as soon as it comes back.
    const key = id.toString()
    this.#pinger.keepPinging(key, false, requestId)
    this.#autoDial?.leave(key)
    await this.#relays.leave(key)
    this.#bus.connections.closing(say`You hung up`, { peerId: key, requestId })
    await this.#libp2p.hangUp(id)
    return { closed: connections.length }
  }

  /** @throws {RequestFailed} */
  async listen({ address }: Params<'listen'>, { requestId }: RequestContext): Promise<Result<'listen'>> {
    return { addresses: await this.#bus.listening.listen(address, requestId) }
  }

  /** @throws {RequestFailed} when the node does not listen there */
  async unlisten(
    { address }: Params<'unlisten'>,
    { requestId }: RequestContext,
  ): Promise<Result<'unlisten'>> {
    return { addresses: await this.#bus.listening.unlisten(address, requestId) }
  }

  /** @throws {RequestFailed} */
  reserve({ relay }: Params<'reserve'>, request: RequestContext): Promise<Result<'reserve'>> {
    return this.#relays.reserve(relay, request)
  }

  /** @throws {RequestFailed} */
  query(params: Params<'query'>, context: RequestContext): Promise<Result<'query'>> {
    return this.#routing.query(params, context)
  }

  /** Says goodbye on the local network, closes every connection and frees the profile. */
  async stop(): Promise<void> {
    await this.#shutDown(STOPPED)
    this.#hub.emit({ type: 'node:stopped', reason: STOPPED })
    await this.#profile.close()
  }

  async #shutDown(reason: SafeText): Promise<void> {
    this.#routing.stop()
    this.#autoDial?.stop()
    this.plans.stop()
    await this.#ages.stop()
    this.#pinger.stop()
    await this.#network?.stop()
    this.#bus.stopping(reason)
    await this.#relays.stop()
    await this.#libp2p.stop()
    this.#bus.stop()
  }

  async #begin(options: NodeOptions): Promise<void> {
    for (const { cause, hint } of this.#profile.notices) {
      this.#emit({ type: 'warning:raised', topic: 'identity', cause, hint })
    }
    await this.#routing.prepare()
    await this.#libp2p.start()
    const { profile } = this.#profile
    this.#emit({
      type: 'node:started',
      peerId: safeText(this.#libp2p.peerId.toString()),
      agentVersion: safeText(AGENT),
      ...(profile === undefined ? {} : { profile }),
    })
    await tellKnownPeers({
      libp2p: this.#libp2p,
      notes: this.#notes,
      emit: this.#emit,
      forget: peerId => this.#ages.forget(peerId),
    })
    this.plans.tell()
    await this.#bus.listening.listenOnAll(options.listen)
    await this.#network?.start()
    await this.#routing.started()
    if (options.relayServer !== undefined) await this.#relays.serve(options.relayServer)
    // A relay that does not answer must not hold up the start.
    void this.#relays.reserveAtAll(options.relays ?? [])
  }

  readonly #emit = (event: NewEvent): void => {
    if (event.type === 'connection:opened') this.#memory.introduce(event)
    this.#hub.emit(event)
    this.#ages.heard(event)
    this.plans.heard(event)
    if (event.type === 'peer:discovered' || event.type === 'peer:refreshed') this.#memory.remember(event)
    if ('source' in event && event.source === 'mdns') {
      if (event.type === 'peer:expired') this.#autoDial?.expired(event.peerId)
      else this.#autoDial?.heard(event.peerId)
    }
  }
}
