import {
  type CreateListenerOptions,
  type DialTransportOptions,
  isStartable,
  type Listener,
  serviceCapabilities,
  type Transport,
  transportSymbol,
} from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Libp2pOptions } from 'libp2p'
import { LazyListener } from './lazy-listener.ts'

/** Makes a transport from libp2p's parts. */
export type TransportFactory = NonNullable<Libp2pOptions['transports']>[number]
type Components = Parameters<TransportFactory>[0]

/** A transport that is loaded when an address first needs it. */
export interface TransportKind {
  /** libp2p's tag of it; two transports with the same tag are refused. */
  tag: string
  /** Whether an address is one that this transport dials. */
  dials(address: Multiaddr): boolean
  /** Whether it can be listened on. @default the same as `dials` */
  listens?(address: Multiaddr): boolean
  /** What a dial's error means, where the transport's own does not say it. @default the error itself */
  means?(error: unknown): unknown
  /** Loads the transport. Rejects where it cannot be had, e.g. for want of machine code for this platform. */
  load(): Promise<TransportFactory>
}

/**
 * A transport that libp2p knows from its start and whose code is loaded by the first dial or listener that needs it:
 * which addresses will be met is not known beforehand, and all transports together would make the start slower.
 */
export function lazyTransport(kind: TransportKind): TransportFactory {
  return components => new LazyTransport(kind, components)
}

class LazyTransport implements Transport {
  readonly [transportSymbol] = true
  readonly [serviceCapabilities] = ['@libp2p/transport']
  readonly #kind: TransportKind
  readonly #components: Components
  #loading: Promise<Transport> | undefined

  constructor(kind: TransportKind, components: Components) {
    this.#kind = kind
    this.#components = components
  }

  get [Symbol.toStringTag](): string {
    return this.#kind.tag
  }

  dialFilter(addresses: Multiaddr[]): Multiaddr[] {
    return addresses.filter(address => this.#kind.dials(address))
  }

  listenFilter(addresses: Multiaddr[]): Multiaddr[] {
    const { listens, dials } = this.#kind
    return addresses.filter(listens ?? dials)
  }

  /** Dials; settles at once when its signal says so, which not every transport does. */
  async dial(address: Multiaddr, options: DialTransportOptions): ReturnType<Transport['dial']> {
    const { signal } = options
    signal.throwIfAborted()
    const aborted = Promise.withResolvers<never>()
    const onAbort = (): void => aborted.reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    // One that connects after all is upgraded under the same signal, which closes it again.
    const dialing = this.#load().then(transport => transport.dial(address, options))
    try {
      return await Promise.race([dialing, aborted.promise])
    } catch (error) {
      throw this.#kind.means?.(error) ?? error
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  createListener(options: CreateListenerOptions): Listener {
    return new LazyListener(async () => (await this.#load()).createListener(options))
  }

  /** Called by libp2p, which stops only what it can start. */
  async start(): Promise<void> {
    const transport = await this.#loading?.catch(() => undefined)
    if (isStartable(transport)) await transport.start()
  }

  /** What was loaded may hold sockets of its own. */
  async stop(): Promise<void> {
    const transport = await this.#loading?.catch(() => undefined)
    if (isStartable(transport)) await transport.stop()
  }

  #load(): Promise<Transport> {
    this.#loading ??= this.#kind.load().then(factory => factory(this.#components))
    return this.#loading
  }
}
