import type { Clock } from '../../core/clock.ts'
import type { NewEvent } from '../../core/events.ts'
import type { NodePort } from '../../core/port.ts'
import { say } from '../../core/safe-text.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import { EventFile } from '../event-file/event-file.ts'
import { fitLimits } from '../limits/fit-limits.ts'
import { DEFAULT_LIMITS } from '../options.ts'
import { Keeper } from '../plans/keeper.ts'
import { EventHub } from '../port/event-hub.ts'
import { LocalPort } from '../port/local-port.ts'
import { FakeAccounts } from './accounts.ts'
import { type FakePeer, makeCast } from './cast.ts'
import { ConnectedLife } from './connected.ts'
import { makeDhtCast } from './dht/dht-cast.ts'
import { FakeDht } from './dht/fake-dht.ts'
import { FakeDialer } from './dialer.ts'
import { fakeHandlers } from './handlers.ts'
import { PeerLife } from './life.ts'
import { FakeListening } from './listening.ts'
import { FakeNetwork } from './network.ts'
import { fakePeerId } from './peer-id.ts'
import { FakePings } from './pings.ts'
import { Random } from './random.ts'
import { ReachLife } from './reach.ts'
import { Timers } from './timers.ts'
import { FakeMeter, SAMPLE_MS } from './traffic.ts'
import { beginWeather } from './weather.ts'

/** What the made-up network is like. */
export interface FakePortOptions {
  clock: Clock
  /** The same seed and the same steps of the clock give the same events. @default 1 */
  seed?: number
  /** How many peers there are; those beyond twelve are just heard. @default 12 */
  peers?: number
  /** True: there is a DHT, of servers far away. @default false */
  dht?: boolean
  /** False: all peers are heard at the start, then nothing happens but what is asked for. @default true */
  lively?: boolean
  /** Where its events are written, as a node's are. */
  logFile?: string
  /** Events that come at their time, in ms after the start, beside what happens anyway. */
  script?: readonly { afterMs: number; event: NewEvent }[]
}

/** A port to the made-up node, with a hand on the network behind it. */
export interface FakePort {
  port: NodePort
  /** Everyone in the network, whether the node knows of them yet or not. */
  peers: readonly FakePeer[]
  /** The state of the node after its last event. */
  state(): SwarmState
  /** Lets something happen that the network would not have done. */
  emit(event: NewEvent): void
}

/** How many servers its DHT has, and where their chance begins. */
const DHT_SERVERS = 60
const DHT_SEED = 7919

/** How long the node takes to start, in ms: readers that subscribe at once see it happen. */
const START_MS = 5
/** A machine that has room for all that is asked for. */
const ROOMY = { memory: 8 * 2 ** 30, descriptors: { limit: 65_536, used: 40 } }

/**
 * A node in a small network that exists nowhere, for a first look and for tests: no sockets, no libp2p, and chance
 * that comes out the same for the same seed. Requests act on the network as they would on a real one.
 */
export function startFakePort(options: FakePortOptions): FakePort {
  const { clock, lively = true, script = [] } = options
  const random = new Random(options.seed ?? 1)
  const hub = new EventHub(clock)
  const { logFile } = options
  const file = logFile === undefined ? undefined : new EventFile({ path: logFile, clock, hub })
  const timers = new Timers(clock)
  // Chance of its own, so that the others' goes on as it would have.
  const dhtRandom = new Random((options.seed ?? 1) + DHT_SEED)
  const servers = options.dht === true ? makeDhtCast(dhtRandom, DHT_SERVERS) : []
  const network = new FakeNetwork({
    self: fakePeerId(random),
    peers: makeCast(random, options.peers ?? 12),
    remote: servers,
    clock,
    random: random.fork(),
    emit: event => {
      hub.emit(event)
      keeper.heard(event)
      accounts.heard(event)
    },
  })
  const { most } = fitLimits(DEFAULT_LIMITS, ROOMY)
  const accounts = new FakeAccounts({ clock, network, most })
  const dht = options.dht === true ? new FakeDht({ network, servers, clock }) : undefined
  const listening = new FakeListening(network, random.fork())
  const pings = new FakePings(network, timers, random.fork())
  const connected = new ConnectedLife(network, timers, pings, random.fork())
  const dialer = new FakeDialer(network, timers, lively ? connected.beginLively : connected.begin)

  const keeper: Keeper = new Keeper({
    clock,
    emit: network.emit,
    isConnected: peerId => hub.state.peers.get(peerId)?.presence === 'connected',
    dial: (target, { signal, requestId }) => dialer.dialed(target, signal, requestId),
    random: () => 0,
  })

  timers.after(START_MS, () => {
    network.emit({ type: 'node:started', peerId: network.self, agentVersion: say`p2p-tui/demo` })
    network.emit({ type: 'limits:set', ...most })
    listening.start()
    dht?.begin({ timers, random: dhtRandom, atOnce: !lively })
    if (!lively) {
      for (const peer of network.peers) network.heard(peer, 'mdns')
      return
    }
    const life = new PeerLife({ network, timers, dialer, connected, random: random.fork() })
    for (const peer of network.peers) life.begin(peer)
    beginWeather(network, timers, random.fork())
    new ReachLife({ network, timers, connected, random: random.fork() }).begin()
    const meter = new FakeMeter(network, random.fork())
    timers.every(SAMPLE_MS, () => meter.sample())
  })
  for (const { afterMs, event } of script) timers.after(afterMs, () => network.emit(event))

  const port = new LocalPort({
    clock,
    hub,
    handlers: fakeHandlers({
      network,
      listening,
      pings,
      dialer,
      keeper,
      dht,
      accounts,
      state: () => hub.state,
    }),
    stop: () => {
      keeper.stop()
      dht?.stop()
      timers.clear()
      network.emit({ type: 'node:stopped', reason: say`Asked to stop` })
    },
    finish: async () => file?.finish(),
  })
  return { port, peers: network.peers, state: () => hub.state, emit: hub.emit }
}
