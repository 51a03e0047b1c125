import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { type Cancel, type Clock, elapsedMs } from '../core/clock.ts'
import type { NewEvent, NodeEvent } from '../core/events.ts'
import { type SafeText, safeMessage, say } from '../core/safe-text.ts'
import type { BusContext } from './bus/bus-context.ts'
import { Connections } from './bus/connections.ts'
import { IdentifyWatch } from './bus/identify-watch.ts'
import { reportInboundFailures } from './bus/inbound-failures.ts'
import { SafeListeners } from './bus/listening.ts'
import { ListeningAddresses } from './bus/listening-addresses.ts'
import { reportPeerUpdates } from './bus/peer-updates.ts'
import { reportStreamRefusals } from './bus/stream-refusals.ts'
import { streamOpened } from './bus/streams.ts'
import { reportUpgrades } from './bus/upgrades.ts'
import type { NodeLimits } from './limits/node-limits.ts'
import type { LogTap } from './taps/log-tap.ts'
import type { ByteObserver, TrafficTap } from './taps/traffic-tap.ts'
import { Meter } from './traffic/meter.ts'

/** How often bytes and rates are sampled. */
const SAMPLE_MS = 1_000

/** What the adapter listens to, and whom it tells. */
export interface SwarmBusOptions {
  libp2p: Libp2p
  clock: Clock
  emit: (event: NewEvent) => void
  logTap: LogTap
  trafficTap: TrafficTap
  /** What a peer says that it runs; undefined: it has not said so yet. */
  agentOf?(peerId: string): string | undefined
  /** Is told of what is refused. */
  limits: Pick<NodeLimits, 'handshakeFailed' | 'streamRefused'>
  /** Called when a peer has its first connection (`true`) and has lost its last (`false`). */
  peerChanged(peerId: string, connected: boolean): void
}

/**
 * The one adapter: everything that a libp2p node does becomes a {@link NodeEvent}. What libp2p has no event for comes
 * out of its metrics hook (bytes, streams) and its log (refusals, failed listeners).
 *
 * Attach it before the node starts. Remote text becomes safe here, and nothing here throws into libp2p.
 */
export class SwarmBus {
  readonly connections: Connections
  readonly listening: ListeningAddresses
  readonly meter: Meter
  readonly #context: BusContext
  readonly #listeners: SafeListeners
  readonly #identify: IdentifyWatch
  readonly #stopSampling: Cancel
  readonly #stopUpdates: Cancel
  readonly #trafficTap: TrafficTap

  constructor({
    libp2p,
    clock,
    emit,
    logTap,
    trafficTap,
    agentOf = () => undefined,
    limits,
    peerChanged,
  }: SwarmBusOptions) {
    this.#context = { libp2p, clock, emit }
    this.#trafficTap = trafficTap
    this.meter = new Meter(trafficTap.total)
    this.#listeners = new SafeListeners(libp2p, error => this.#fault(error))
    this.#identify = new IdentifyWatch(this.#context, this.#listeners)
    this.listening = new ListeningAddresses(this.#context, this.#listeners, logTap)
    this.connections = new Connections({
      ...this.#context,
      listeners: this.#listeners,
      trafficTap,
      meter: this.meter,
      agentOf,
      changed: (connection, open, others) => {
        this.#identify.changed(connection, open)
        if (others === 0) peerChanged(connection.remotePeer.toString(), open)
      },
    })
    // After the connections: an upgrade is told once its connection is.
    reportUpgrades(this.#context, this.#listeners)
    reportInboundFailures(logTap, limits)
    reportStreamRefusals(logTap, { limits, connections: this.connections })
    this.#stopUpdates = reportPeerUpdates(this.#context, this.#listeners)
    this.#stopSampling = this.#sampleRegularly()
  }

  /** Called for each stream that libp2p tells its metrics of; see {@link TrafficTap}. */
  streamOpened(stream: Stream): readonly ByteObserver[] {
    const { connections, meter } = this
    try {
      const parts = { listeners: this.#listeners, connections, meter, trafficTap: this.#trafficTap }
      return streamOpened(stream, { ...this.#context, ...parts })
    } catch (error) {
      this.#fault(error)
      return []
    }
  }

  /** Called when libp2p could not identify the peer of a connection. */
  unidentified(connection: Connection, error: unknown): void {
    this.#identify.failed(connection, error)
  }

  /** Says why every connection is about to be closed. */
  stopping(reason: SafeText): void {
    this.connections.closing(reason)
  }

  /** Ends what the bus keeps going. Call it when the node has stopped. */
  stop(): void {
    this.#stopSampling()
    this.#stopUpdates()
    this.#identify.stop()
    this.#listeners.end()
  }

  #sampleRegularly(): Cancel {
    const { clock, emit } = this.#context
    let before = clock.monotonic()
    return clock.every(SAMPLE_MS, () => {
      const sample = this.meter.sample(elapsedMs(clock, before))
      before = clock.monotonic()
      if (sample !== undefined) emit(sample)
    })
  }

  #fault(error: unknown): void {
    this.#context.emit({
      type: 'warning:raised',
      topic: 'node',
      cause: say`An event of the node could not be read: ${safeMessage(error)}`,
      hint: say`This is a fault of this program; please report it`,
    })
  }
}
