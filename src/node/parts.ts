import type { Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { Clock } from '../core/clock.ts'
import type { NewEvent } from '../core/events.ts'
import { type SafeText, safeText } from '../core/safe-text.ts'
import { createNode } from './create-node.ts'
import { AddressFailures } from './dial/address-failures.ts'
import { Dialer } from './dial/dialer.ts'
import { AutoDial } from './discovery/auto-dial.ts'
import { LocalNetwork } from './discovery/local-network.ts'
import { Floods } from './floods/floods.ts'
import { WireGuard } from './guard/wire-guard.ts'
import { type Excess, NodeLimits } from './limits/node-limits.ts'
import { heardOf, PeerMemory } from './memory/peer-memory.ts'
import { ProvenAddresses } from './memory/proven-addresses.ts'
import type { NodeOptions } from './options.ts'
import { Pinger } from './ping/pinger.ts'
import { PeerPlans } from './plans/peer-plans.ts'
import type { EventHub } from './port/event-hub.ts'
import { AgeKeeper } from './profile/age-keeper.ts'
import { passOverBadRecords, recordsRemoved } from './profile/bad-records.ts'
import type { PeerNotes } from './profile/peer-notes.ts'
import type { OpenedProfile } from './profile/profile.ts'
import { Reach } from './reach/reach.ts'
import { ObservedAddresses } from './relays/punch/observed-addresses.ts'
import { Relays } from './relays/relays.ts'
import { NodeRouting } from './routing/node-routing.ts'
import { GivenAddresses } from './scope/given.ts'
import { Names } from './scope/names.ts'
import { SwarmBus } from './swarm-bus.ts'
import { LogTap } from './taps/log-tap.ts'
import { TrafficTap } from './taps/traffic-tap.ts'
import { SharedPort } from './transport/shared-port.ts'

/** With so many peers in its routing table a node has joined the DHT of its network, and dials no more on its own. */
const JOIN_WITH = 3

/** What a node needs from outside. */
export interface Surroundings {
  clock: Clock
  hub: EventHub
}

/** What a node is made of. */
export interface Parts {
  readonly libp2p: Libp2p
  readonly profile: OpenedProfile
  readonly hub: EventHub
  readonly notes: PeerNotes
  /** Where peers have proved to be. */
  readonly proven: ProvenAddresses
  readonly ages: AgeKeeper
  readonly bus: SwarmBus
  readonly pinger: Pinger
  readonly dialer: Dialer
  readonly relays: Relays
  /** Whether others can reach this node. */
  readonly reach: Reach
  readonly limits: NodeLimits
  /** Addresses that a person gave. */
  readonly given: GivenAddresses
  readonly routing: NodeRouting
  /** Names, kept connections and what is forgotten. */
  readonly plans: PeerPlans
  /** Absent: peers are not dialed as they are discovered. */
  readonly autoDial: AutoDial | undefined
  /** Absent: no discovery on the local network. */
  readonly network: LocalNetwork | undefined
  readonly floods: Floods
  /** Tells the hub of an event, and every part that wants to know: floods are told in few. */
  emit(this: void, event: NewEvent): void
}

/**
 * Builds the parts of a node and ties them together. Nothing is started: no socket, no timer but the bus's own.
 *
 * @throws what libp2p throws for options that it cannot use
 */
export async function assemble(
  options: NodeOptions,
  { clock, hub, profile }: Surroundings & { profile: OpenedProfile },
): Promise<Parts> {
  const logTap = new LogTap()
  const trafficTap = new TrafficTap({
    streamOpened: stream => [...bus.streamOpened(stream), ...relays.streamOpened(stream)],
    connectionBegun: raw => limits.lingering.watch(raw),
  })
  const { privateKey, datastore, notes, provided } = profile
  const proven = new ProvenAddresses(notes)
  const limits = new NodeLimits({
    clock,
    asked: options.limits,
    emit: event => emit(event),
    rawOf: timeline => trafficTap.rawOf(timeline),
  })
  const exceeded = (excess: Excess): void => {
    const { action, reason, connectionId } = excess
    if (action === 'closed' && connectionId !== undefined) bus.connections.closing(reason, { connectionId })
    limits.exceeded(excess)
  }
  const dht =
    options.dht === undefined
      ? undefined
      : (await import('./routing/create-dht.ts')).dhtService(options.dht, undefined, exceeded)
  const guard = new WireGuard({
    clock,
    dht: dht?.protocol,
    exceeded,
  })
  const given = new GivenAddresses()
  const names = new Names(given)
  const sharedPort = new SharedPort(names)
  const libp2p = await createNode({
    privateKey,
    datastore,
    logTap,
    trafficTap,
    guard,
    sharedPort,
    exceeded,
    given,
    names,
    limits: limits.most,
    door: limits.gate,
    gater: limits.gate,
    whereabouts: { proven: peerId => proven.of(peerId), heard: peerId => heardOf(hub.state, peerId) },
    dht,
    clock,
    unidentified: (connection, error) => bus.unidentified(connection, error),
    dialThroughRelay: (...params) => relays.dial(...params),
    announce: options.announce,
  })

  const tell = (event: NewEvent): void => {
    hub.emit(event)
    ages.heard(event)
    plans.heard(event)
    reach.heard(event)
    relays.heard(event)
    memory.heard(event)
    if ('source' in event && event.source === 'mdns') {
      if (event.type === 'peer:expired') autoDial?.expired(event.peerId)
      else if (options.autoDial || hub.state.routing.size < JOIN_WITH) autoDial?.heard(event.peerId)
    }
  }
  const floods = new Floods({ clock, tell })
  const emit = (event: NewEvent): void => {
    if (event.type === 'connection:opened') memory.introduce(event)
    floods.emit(event)
    // Places are taken by those as well who come and go too fast to be told of, and the address book knows them.
    limits.heard(event)
    if (event.type === 'connection:closed') memory.heard(event)
  }
  const forget = (peerId: SafeText): void => {
    bus.meter.forgetPeer(peerId)
    ages.forget(peerId)
  }
  const { peerStore } = libp2p
  if (datastore !== undefined) {
    passOverBadRecords(peerStore, datastore.db, removed => emit(recordsRemoved(removed)))
  }
  const context = { libp2p, clock, emit }
  const agentOf = (peerId: string): string | undefined => hub.state.peers.get(peerId)?.agentVersion

  profile.keeper?.attend(clock, problem =>
    emit(
      problem === undefined
        ? { type: 'warning:cleared', topic: 'plans' }
        : { type: 'warning:raised', topic: 'plans', ...problem },
    ),
  )
  const ages = new AgeKeeper({ clock, hub, notes })
  const memory = new PeerMemory({
    hub,
    peerStore,
    proven,
    isWanted: peerId => notes.isWanted(peerId),
    forget,
  })
  const pinger = new Pinger({ ...context, intervalMs: options.pingIntervalMs })
  const dialer = new Dialer({ ...context, limits, failures: new AddressFailures(logTap) })
  const dial: Dialer['dial'] = (target, request) => dialer.dial(target, request)
  const observed = new ObservedAddresses(libp2p, sharedPort)
  const relays = new Relays({ ...context, exceeded, logTap, observed, dial, agentOf })
  const reach = new Reach({ ...context, exceeded, state: () => hub.state }, options)
  const isKnown = (peerId: SafeText): boolean => hub.state.peers.has(peerId)
  const routing = new NodeRouting({
    ...context,
    exceeded,
    dialer,
    options,
    isKnown,
    table: () => hub.state.routing,
    provided,
  })
  const bus = new SwarmBus({
    ...context,
    agentOf,
    logTap,
    trafficTap,
    limits,
    peerChanged: (peerId, connected) => {
      if (connected) return pinger.peerConnected(peerId)
      pinger.peerDisconnected(peerId)
      limits.peerLeft(safeText(peerId))
    },
  })
  const plans = new PeerPlans({
    clock,
    hub,
    emit,
    notes,
    peerStore,
    forget,
    // A peer that has moved is looked up in the DHT.
    dial: (target, request) => routing.dial(target, request),
    paused: options.offline === true,
  })
  // The DHT of a local network is joined over those that are heard there.
  const autoDial =
    options.autoDial || options.dht?.network === 'lan'
      ? new AutoDial({
          clock,
          self: libp2p.peerId.toString(),
          isConnected: peerId => libp2p.getConnections(peerIdFromString(peerId)).length > 0,
          dial,
        })
      : undefined
  const network = options.mdns
    ? new LocalNetwork({ ...context, limits, ttlMs: options.mdnsTtlMs })
    : undefined
  return {
    libp2p,
    profile,
    hub,
    notes,
    proven,
    ages,
    bus,
    pinger,
    dialer,
    relays,
    reach,
    limits,
    given,
    routing,
    plans,
    autoDial,
    network,
    floods,
    emit,
  }
}
