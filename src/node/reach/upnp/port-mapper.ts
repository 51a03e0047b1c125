import { multiaddr } from '@multiformats/multiaddr'
import type { Cancel } from '../../../core/clock.ts'
import type { NewEvent } from '../../../core/events.ts'
import { type Failure, RequestFailed } from '../../../core/failure.ts'
import { type SafeText, safeAddress, safeText, say } from '../../../core/safe-text.ts'
import { insidesOf } from '../../insides.ts'
import { Line } from '../../line.ts'
import { isPublicIp } from '../public-host.ts'
import type { ReachContext } from '../reach.ts'
import { doubleNat, nothingToForward, upnpFailure } from './failures.ts'
import { findGateway } from './find-gateway.ts'
import { type Gateway, LEASE_S, type Mapping } from './gateway.ts'
import { type Listener, listenersAt } from './listeners.ts'

/** How often mappings are renewed and the router's address looked at, in ms: two renewals may fail. */
const RENEW_MS = (LEASE_S * 1000) / 3
/** How often a router is searched for, or asked again after it refused, in ms. */
const RETRY_MS = 5 * 60_000
/** Asking a router for all that is wanted of it takes so long at most, in ms. */
const PASS_MS = 60_000
/** The end of a node waits so long for the router at most, in ms. */
const GOODBYE_MS = 2_000

/** A port that is forwarded, and the address that comes of it. */
interface Mapped extends Mapping {
  address: SafeText
  outerHost: string
}

/** Has the router forward the ports that this node listens on, as long as the node runs. Tells what came of it. */
export class PortMapper {
  readonly #context: ReachContext
  readonly #line = new Line()
  readonly #ending = new AbortController()
  /** By the listener that it leads to. */
  readonly #mapped = new Map<string, Mapped>()
  #gateway: Gateway | undefined
  #failure: Failure | undefined
  #cancel: Cancel = () => {}

  constructor(context: ReachContext) {
    this.#context = context
  }

  /** Begins to search for a router; it may take seconds. */
  start(): void {
    void this.#line.run(() => this.#bringUpToDate())
  }

  /** Told of every event of the node. */
  heard({ type }: NewEvent): void {
    // One run sees all that came before it.
    if ((type === 'listen:opened' || type === 'listen:closed') && this.#line.length < 2) this.start()
  }

  /** Ends all forwarding, as far as the router answers. */
  async stop(): Promise<void> {
    this.#cancel()
    this.#ending.abort()
    await this.#line.run(async () => {
      const deadline = AbortSignal.timeout(GOODBYE_MS)
      const ends = [...this.#mapped.keys()].map(key => this.#unmap(key, say`this node stopped`, deadline))
      await Promise.all(ends)
    })
  }

  async #bringUpToDate(): Promise<void> {
    if (this.#ending.signal.aborted) return
    this.#cancel()
    const { clock } = this.#context
    const signal = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(PASS_MS)])
    let pauseMs = RENEW_MS
    try {
      this.#gateway ??= await findGateway({ clock, signal })
      await this.#mapAll(this.#gateway, signal)
    } catch (error) {
      if (this.#ending.signal.aborted) return
      // It may have another address, or be another one, by then.
      this.#gateway = undefined
      pauseMs = RETRY_MS
      const failure = upnpFailure(error)
      this.#tell(failure)
      for (const [key] of this.#mapped) this.#forget(key, failure.cause)
    }
    this.#cancel = clock.after(pauseMs, () => this.start())
  }

  async #mapAll(gateway: Gateway, signal: AbortSignal): Promise<void> {
    const listeners = listenersAt(gateway.ownHost, this.#context.state().node.listening)
    for (const key of [...this.#mapped.keys()]) {
      if (!listeners.has(key)) await this.#unmap(key, say`the node no longer listens there`, signal)
    }
    if (listeners.size === 0) throw new RequestFailed(nothingToForward)
    const outerHost = await gateway.outerHost(signal)
    if (!isPublicIp(outerHost)) throw new RequestFailed(doubleNat(safeText(outerHost)))
    const errors: unknown[] = []
    for (const [key, listener] of listeners) {
      await this.#map(gateway, { key, listener, outerHost }, signal).catch(error => errors.push(error))
      // One that does not answer will not for the others.
      if (signal.aborted) throw errors[0]
    }
    if (errors.length === listeners.size) throw errors[0]
    this.#tell(errors.length === 0 ? undefined : upnpFailure(errors[0]))
  }

  /** The same failure each few minutes is no news. */
  #tell(failure: Failure | undefined): void {
    if (failure !== undefined && failure.cause !== this.#failure?.cause) {
      this.#context.emit({ type: 'upnp:failed', ...failure })
    }
    this.#failure = failure
  }

  async #map(
    gateway: Gateway,
    { key, listener, outerHost }: { key: string; listener: Listener; outerHost: string },
    signal: AbortSignal,
  ): Promise<void> {
    const before = this.#mapped.get(key)
    const mapping = await gateway.map(listener.inner, before?.outerPort ?? listener.inner.port, signal)
    if (before?.outerHost === outerHost && before.outerPort === mapping.outerPort) return
    if (before !== undefined) this.#forget(key, say`the router's address outside is another one now`)
    const { protocol, tail } = listener
    const address = safeAddress(`/ip4/${outerHost}/${protocol}/${mapping.outerPort}${tail}`)
    this.#mapped.set(key, { ...mapping, address, outerHost })
    const { host, port } = listener.inner
    const { addressManager: manager } = insidesOf(this.#context.libp2p)
    manager.addPublicAddressMapping(host, port, outerHost, mapping.outerPort, protocol)
    // The router says so; should it be wrong, whoever tries it (AutoNAT) has the last word.
    manager.confirmObservedAddr(multiaddr(address), { type: 'ip-mapping', ttl: LEASE_S * 1000 })
    const name = safeText(gateway.description.name)
    this.#context.emit({ type: 'upnp:mapped', address, ...(name === '' ? {} : { gateway: name }) })
  }

  async #unmap(key: string, reason: SafeText, signal: AbortSignal): Promise<void> {
    const mapped = this.#mapped.get(key)
    if (mapped === undefined) return
    this.#forget(key, reason)
    // A router that does not answer forgets by itself, when the lease ends.
    await this.#gateway?.unmap(mapped, signal).catch(() => undefined)
  }

  #forget(key: string, reason: SafeText): void {
    const mapped = this.#mapped.get(key)
    if (mapped === undefined) return
    this.#mapped.delete(key)
    const { host, port, protocol } = mapped.inner
    const kind = protocol === 'TCP' ? 'tcp' : 'udp'
    const { addressManager: manager } = insidesOf(this.#context.libp2p)
    manager.removePublicAddressMapping(host, port, mapped.outerHost, mapped.outerPort, kind)
    this.#context.emit({ type: 'upnp:unmapped', address: mapped.address, reason })
  }
}
