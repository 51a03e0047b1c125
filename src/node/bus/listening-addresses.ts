import type { Listener } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import type { NewEvent } from '../../core/events.ts'
import { type Failure, RequestFailed } from '../../core/failure.ts'
import { ADDRESS_LENGTH, type SafeText, safeAddress, safeText, say } from '../../core/safe-text.ts'
import { partProblem } from '../check-multiaddr.ts'
import { Line } from '../line.ts'
import type { LogTap } from '../taps/log-tap.ts'
import { transportsOf } from '../transports.ts'
import type { BusContext } from './bus-context.ts'
import { listenFailure, notListening } from './listen-failure.ts'
import type { SafeListeners } from './listening.ts'

/** One listener: what was asked for, and the addresses that came of it. */
interface Opened {
  /** e.g. /ip4/0.0.0.0/tcp/0 */
  asked: string | undefined
  addresses: readonly SafeText[]
}

/** Where the node listens: opened, closed, and why it could not. */
export class ListeningAddresses {
  readonly #context: BusContext
  readonly #opened = new Map<Listener, Opened>()
  /** The errors that libp2p puts into one long message, by address. */
  readonly #errors = new Map<string, unknown>()
  /** One at a time: what libp2p logs and opens meanwhile belongs to the one whose turn it is. */
  readonly #line = new Line()
  #requestId: SafeText | undefined
  /** The address whose turn it is. */
  #asked: string | undefined
  #warned = false

  constructor(context: BusContext, listeners: SafeListeners, logTap: LogTap) {
    this.#context = context
    listeners.on<Listener>('transport:listening', listener => this.#listening(listener))
    listeners.on<Listener>('transport:close', listener => this.#closed(listener))
    logTap.on('transport %s could not listen on address %a - %e', ([, address, error]) => {
      this.#errors.set(String(address), error)
    })
  }

  /** Every address that the node listens on, in full. */
  get all(): SafeText[] {
    return [...new Set([...this.#opened.values()].flatMap(({ addresses }) => addresses))]
  }

  /** Listens on some addresses, and warns when none of them works; never rejects. */
  async listenOnAll(addresses: readonly string[]): Promise<void> {
    const results = await Promise.allSettled(addresses.map(address => this.listen(address)))
    if (addresses.length === 0 || results.some(({ status }) => status === 'fulfilled')) return
    this.#warned = true
    this.#context.emit({
      type: 'warning:raised',
      topic: 'listen',
      cause: say`None of the addresses to listen on could be opened: others cannot dial this node`,
      hint: say`See the log for why, and use :listen or --listen with another address`,
    })
  }

  /**
   * Listens on one more address.
   *
   * @returns the addresses that came of it: several for a wildcard
   * @throws {RequestFailed}, after `listen:failed`
   */
  listen(address: string, requestId?: SafeText): Promise<SafeText[]> {
    return this.#line.run(() => this.#listen(address, requestId))
  }

  async #listen(address: string, requestId: SafeText | undefined): Promise<SafeText[]> {
    this.#requestId = requestId
    const before = new Set(this.all)
    try {
      const parsed = multiaddr(address)
      const problem = partProblem(parsed.toString())
      if (problem !== undefined) throw new Error(problem)
      this.#asked = parsed.toString()
      const transportManager = transportsOf(this.#context.libp2p)
      if (transportManager === undefined) throw new Error('This libp2p cannot listen on more addresses')
      const listeners = new Set(transportManager.getListeners())
      await transportManager.listen([parsed])
      // libp2p takes a missing address family for granted when it listens on both; here each address speaks for itself.
      if (transportManager.getListeners().every(listener => listeners.has(listener))) {
        throw this.#errors.get(parsed.toString())
      }
      return this.all.filter(opened => !before.has(opened))
    } catch (error) {
      const failure: Failure = listenFailure(address, this.#errors.get(address) ?? error)
      this.#emit({ type: 'listen:failed', address: safeText(address, ADDRESS_LENGTH), ...failure })
      throw new RequestFailed(failure, { cause: error })
    } finally {
      this.#errors.clear()
      this.#requestId = undefined
      this.#asked = undefined
    }
  }

  /**
   * Ends listening on an address: one that the node tells, with or without its Peer ID, or one that was asked for, such
   * as a wildcard. A socket listens on all its addresses or on none, and the connections that came in by it close too.
   *
   * @returns the addresses that are closed
   * @throws {RequestFailed} when the node does not listen there
   */
  unlisten(address: string, requestId?: SafeText): Promise<SafeText[]> {
    return this.#line.run(() => this.#unlisten(address, requestId))
  }

  async #unlisten(address: string, requestId: SafeText | undefined): Promise<SafeText[]> {
    const wanted = withoutPeer(address)
    const found = [...this.#opened].filter(
      ([, { asked, addresses }]) =>
        (asked !== undefined && withoutPeer(asked) === wanted) ||
        addresses.some(opened => withoutPeer(opened) === wanted),
    )
    if (found.length === 0) throw new RequestFailed(notListening(address, this.all))
    this.#requestId = requestId
    try {
      await Promise.all(found.map(([listener]) => listener.close()))
      // Not every listener tells of its end.
      for (const [listener] of found) this.#closed(listener)
    } finally {
      this.#requestId = undefined
    }
    return found.flatMap(([, { addresses }]) => addresses)
  }

  #listening(listener: Listener): void {
    const own = say`/p2p/${safeText(this.#context.libp2p.peerId.toString())}`
    const addresses = listener.getAddrs().map(address => {
      const text = safeAddress(address)
      // One through a relay has the Peer ID of the relay in it.
      return text.includes('/p2p/') && !text.endsWith('/p2p-circuit') ? text : say`${text}${own}`
    })
    // A listener through a relay tells again what it has when its reservation is renewed, lost or regained.
    const before = this.#opened.get(listener)
    const known = before?.addresses ?? []
    this.#opened.set(listener, { asked: before?.asked ?? this.#asked, addresses })
    for (const address of known) {
      if (!addresses.includes(address)) this.#emit({ type: 'listen:closed', address })
    }
    for (const address of addresses) {
      if (!known.includes(address)) this.#emit({ type: 'listen:opened', address })
    }
    if (this.#warned) this.#context.emit({ type: 'warning:cleared', topic: 'listen' })
    this.#warned = false
  }

  #emit(event: NewEvent<'listen:opened' | 'listen:closed' | 'listen:failed'>): void {
    this.#context.emit(this.#requestId === undefined ? event : { ...event, requestId: this.#requestId })
  }

  #closed(listener: Listener): void {
    const { addresses } = this.#opened.get(listener) ?? { addresses: [] }
    this.#opened.delete(listener)
    for (const address of addresses) this.#emit({ type: 'listen:closed', address })
  }
}

/** An address without the Peer ID at its end, in libp2p's usual form where it is an address at all. */
function withoutPeer(address: string): string {
  const bare = address.trim().replace(/\/p2p\/[^/]+$/, '')
  try {
    return multiaddr(bare).toString()
  } catch {
    return bare
  }
}
