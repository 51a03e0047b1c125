import type {
  Connection,
  ConnectionEncrypter,
  Libp2p,
  MessageStream,
  MultiaddrConnection,
  PeerId,
  StreamMuxerFactory,
} from '@libp2p/interface'
import type { Libp2pOptions } from 'libp2p'
import type { Clock } from '../../core/clock.ts'
import { insidesOf } from '../insides.ts'
import type { Excess } from '../limits/node-limits.ts'
import { Budgets } from './budget.ts'
import { ConnectionGuard, type GuardContext } from './connection-guard.ts'
import { framingOf } from './framing.ts'
import { guardMuxer } from './muxer-guard.ts'
import type { Offer } from './negotiation.ts'
import type { RawWire, Wire } from './parts.ts'
import { guardStream } from './stream-guard.ts'

type EncrypterFactory = NonNullable<Libp2pOptions['connectionEncrypters']>[number]
type MuxerMaker = NonNullable<Libp2pOptions['streamMuxers']>[number]

/** How a connection is to be upgraded; libp2p's types tell the two sides apart, and what has its own encryption. */
interface UpgradeOptions {
  initiator?: boolean
  skipEncryption?: boolean
  remotePeer?: PeerId
  muxerFactory?: StreamMuxerFactory
}
interface Upgrades {
  upgradeInbound(raw: MultiaddrConnection, options: UpgradeOptions): Promise<void>
  upgradeOutbound(raw: MultiaddrConnection, options: UpgradeOptions): Promise<Connection>
}

/** What connections are guarded with. */
export interface WireGuardOptions {
  clock: Clock
  /** The protocol of our DHT, if there is one. */
  dht: string | undefined
  /** Tells of what exceeds a limit; called before a connection is closed for it. */
  exceeded(excess: Excess): void
}

/**
 * Stands between the transports and libp2p, and sees every byte that comes in before libp2p does: on each connection,
 * whichever transport, encryption and side opened it, and on its streams. libp2p's parts take what comes without a
 * bound: see docs/upstream.
 *
 * What libp2p is made from goes through {@link encrypter} and {@link muxer}; {@link attach} does the rest.
 */
export class WireGuard {
  readonly #context: GuardContext
  /** By the connections below encryption, and by those above. */
  readonly #guards = new WeakMap<object, ConnectionGuard>()
  #libp2p: Libp2p | undefined

  constructor({ clock, dht, exceeded }: WireGuardOptions) {
    this.#context = {
      clock,
      budgets: new Budgets(clock),
      framingOf: protocol => framingOf(protocol, dht),
      exceeded,
    }
  }

  /** Guards each connection from its first byte on. To be called before the node starts. */
  attach(libp2p: Libp2p): void {
    this.#libp2p = libp2p
    const upgrader = insidesOf(libp2p).upgrader as unknown as Upgrades
    const upgradeInbound = upgrader.upgradeInbound.bind(upgrader)
    const upgradeOutbound = upgrader.upgradeOutbound.bind(upgrader)
    upgrader.upgradeInbound = (raw, options) =>
      upgradeInbound(raw, this.#guarded(raw, { takes: this.#encryptions() }, options))
    upgrader.upgradeOutbound = (raw, options) => {
      const offer: Offer = options.initiator === false ? { takes: this.#encryptions() } : 'we propose'
      return upgradeOutbound(raw, this.#guarded(raw, offer, options))
    }
  }

  /** An encrypter whose connections are guarded until a muxer is agreed on. */
  encrypter(make: EncrypterFactory): EncrypterFactory {
    return components => {
      const encrypter = make(components)
      const { secureInbound, secureOutbound } = encrypter
      encrypter.secureInbound = async (raw, options) =>
        this.#secured(raw, { takes: this.#muxers() }, await secureInbound.call(encrypter, raw, options))
      encrypter.secureOutbound = async (raw, options) =>
        this.#secured(raw, 'we propose', await secureOutbound.call(encrypter, raw, options))
      return encrypter
    }
  }

  /** A muxer whose streams and frames are guarded. */
  muxer(make: MuxerMaker): MuxerMaker {
    return components => this.#guardedFactory(make(components))
  }

  #guarded(raw: MultiaddrConnection, offer: Offer, options: UpgradeOptions): UpgradeOptions {
    const wire = raw as MultiaddrConnection & RawWire
    const guard = new ConnectionGuard(wire, this.#context)
    this.#guards.set(raw, guard)
    if (options.remotePeer !== undefined) guard.identified(options.remotePeer)
    // QUIC has its own encryption and streams: nothing comes in on the connection itself.
    if (options.skipEncryption !== true) guardStream(wire, offer, guard)
    if (options.muxerFactory === undefined) return options
    return { ...options, muxerFactory: this.#guardedFactory(options.muxerFactory) }
  }

  #secured<T extends Awaited<ReturnType<ConnectionEncrypter['secureInbound']>>>(
    raw: MessageStream,
    offer: Offer,
    result: T,
  ): T {
    const guard = this.#guards.get(raw)
    if (guard === undefined) return result
    const { connection, remotePeer, streamMuxer } = result
    const wire = connection as MessageStream & Wire
    this.#guards.set(connection, guard)
    guard.identified(remotePeer)
    guard.secured(wire)
    // Otherwise the muxer was agreed on in the handshake.
    if (streamMuxer === undefined) guardStream(wire, offer, guard)
    return result
  }

  #guardedFactory(factory: StreamMuxerFactory): StreamMuxerFactory {
    const create = factory.createStreamMuxer.bind(factory)
    return Object.assign(Object.create(factory) as StreamMuxerFactory, {
      createStreamMuxer: (below: MessageStream) => {
        const muxer = create(below)
        const guard = this.#guards.get(below)
        return guard === undefined
          ? muxer
          : guardMuxer(muxer, below as MessageStream & Wire, guard, () => this.#protocols())
      },
    })
  }

  #encryptions(): string[] {
    return this.#libp2p === undefined
      ? []
      : [...insidesOf(this.#libp2p).upgrader.getConnectionEncrypters().keys()]
  }

  #muxers(): string[] {
    return this.#libp2p === undefined ? [] : [...insidesOf(this.#libp2p).upgrader.getStreamMuxers().keys()]
  }

  #protocols(): string[] {
    return this.#libp2p === undefined ? [] : insidesOf(this.#libp2p).registrar.getProtocols()
  }
}
