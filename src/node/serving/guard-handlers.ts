import type { Connection, Libp2p, Stream, StreamHandler } from '@libp2p/interface'
import type { Clock } from '../../core/clock.ts'
import { formatBytes, formatCount, formatDuration } from '../../core/format.ts'
import type { FixedLimit } from '../../core/limit-terms.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { closeStream, whenClosed } from '../closing.ts'
import { insidesOf } from '../insides.ts'
import { hostOf } from '../limits/host.ts'
import type { Excess } from '../limits/node-limits.ts'
import { observe } from '../taps/traffic-tap.ts'
import { answering, ownerOf } from './asker.ts'
import { BOUNDS, type Bounds, DHT_BOUNDS, REFUSALS } from './bounds.ts'
import { Rates } from './rates.ts'

/** How long the other side may take to close its side of a stream after our answer, in ms. */
const LINGER_MS = 10_000

/** Streams that libp2p lets one connection have of a protocol whose handler does not say how many. */
const DEFAULT_STREAMS = 32

/** What handlers are guarded with. */
export interface GuardOptions {
  clock: Clock
  /** Told of all that is refused. */
  exceeded(excess: Excess): void
  /** Protocol id of the DHT, if there is one. */
  dht?: string | undefined
  /** @default BOUNDS */
  bounds?: Readonly<Record<string, Bounds>>
}

/** A request, or a byte, was one too many. The stream that it came on is aborted with this. */
export class TooMuchError extends Error {
  override readonly name = 'TooMuchError'
}

/**
 * Keeps every handler that a node registers, libp2p's own and ours, to what its protocol may cost ({@link Bounds}): how
 * many streams and requests of one host there may be, how many bytes may come on them, how long an answer may take. What
 * is beyond that is aborted and told; who goes on is disconnected. To be called before the node starts.
 *
 * libp2p bounds the streams of one connection alone, and any host can have many connections.
 */
export function guardHandlers(libp2p: Libp2p, options: GuardOptions): void {
  const { registrar } = insidesOf(libp2p)
  const handle = registrar.handle.bind(registrar)
  const { clock, exceeded, dht, bounds = BOUNDS } = options
  const tools = { exceeded, clock, refusals: new Rates(clock, REFUSALS) }
  registrar.handle = (protocol, handler, opts) => {
    const own = protocol === dht ? DHT_BOUNDS : bounds[protocol]
    if (own === undefined) return handle(protocol, handler, opts)
    const perConnection = opts?.maxInboundStreams ?? DEFAULT_STREAMS
    const guarded = new GuardedHandler({ protocol, handler, bounds: own, perConnection }, tools)
    // Of those that libp2p refuses nobody would hear.
    return handle(protocol, guarded.serve, { ...opts, maxInboundStreams: Number.POSITIVE_INFINITY })
  }
}

interface GuardTools extends Pick<GuardOptions, 'clock' | 'exceeded'> {
  /** How many refusals each connection may still have. */
  refusals: Rates
}

/** What a handler was registered with. */
interface Registered {
  protocol: string
  handler: StreamHandler
  bounds: Bounds
  /** Streams that one connection may have open. */
  perConnection: number
}

/** One handler, and what others have used of it. */
class GuardedHandler {
  readonly #registered: Registered
  readonly #tools: GuardTools
  readonly #requests: Rates
  readonly #hostBytes: Rates | undefined
  /** Open streams, by owner and by connection. */
  readonly #open = new Map<string | Connection, number>()

  constructor(registered: Registered, tools: GuardTools) {
    const { requests, hostBytes } = registered.bounds
    this.#registered = registered
    this.#tools = tools
    this.#requests = new Rates(tools.clock, requests)
    this.#hostBytes = hostBytes && new Rates(tools.clock, hostBytes)
  }

  /** What libp2p calls in the place of the handler. */
  readonly serve: StreamHandler = async (stream, connection) => {
    const { handler, bounds, perConnection } = this.#registered
    const owner = ownerOf(connection)
    const request = (): void => this.#request(stream, connection, owner)
    this.#occupy(stream, connection, { most: bounds.streams, by: owner })
    this.#occupy(stream, connection, { most: perConnection, by: connection })
    if (bounds.many !== true) request()
    const over = this.#watch(stream, connection, owner)
    try {
      await answering({ owner, request }, () => handler(stream, connection))
    } finally {
      over()
      const { clock } = this.#tools
      if (bounds.lasts !== true) closeStream(stream, { clock, withinMs: LINGER_MS })
    }
  }

  #request(stream: Stream, connection: Connection, owner: string): void {
    const { of, burst, perSecond } = this.#registered.bounds.requests
    if (this.#requests.take(of === 'host' ? owner : connection.id)) return
    const reason = say`More than ${counted(burst, say`request`, say`requests`)} at once, or ${perSecond} a second`
    throw this.#refuse(stream, connection, 'requests', reason)
  }

  /** Keeps an eye on bytes and time until the function that it returns is called. */
  #watch(stream: Stream, connection: Connection, owner: string): () => void {
    const { bytes = Number.POSITIVE_INFINITY, withinMs, lasts } = this.#registered.bounds
    const refuse = (limit: FixedLimit, reason: SafeText): void =>
      void this.#refuse(stream, connection, limit, reason)
    let running = true
    let came = 0
    const received = (count: number): void => {
      came += count
      if (this.#hostBytes?.take(owner, count) === false) {
        refuse('bytes', say`Its host sends more than this node reads from one host`)
      } else if ((running || lasts !== true) && came > bytes) {
        refuse('bytes', say`Its request is larger than ${formatBytes(bytes)}`)
      }
    }
    observe(stream, [{ received }])
    // Where nothing is to come nobody reads, and what comes all the same would wait in memory.
    if (bytes === 0) stream.addEventListener('message', () => {})
    const cancel =
      withinMs === undefined
        ? () => {}
        : this.#tools.clock.after(withinMs, () =>
            refuse('answering', say`Its request took longer than ${formatDuration(withinMs)}`),
          )
    return () => {
      running = false
      cancel()
    }
  }

  /** Takes a place for a stream until it is closed. @throws {TooMuchError} where there is none */
  #occupy(
    stream: Stream,
    connection: Connection,
    { most, by }: { most: number; by: string | Connection },
  ): void {
    const taken = this.#open.get(by) ?? 0
    if (taken >= most) {
      const reason = say`It already has ${counted(most, say`stream`, say`streams`)} of this protocol open`
      throw this.#refuse(stream, connection, 'serving', reason)
    }
    this.#open.set(by, taken + 1)
    const free = (): void => {
      const left = (this.#open.get(by) ?? 0) - 1
      if (left > 0) this.#open.set(by, left)
      else this.#open.delete(by)
    }
    whenClosed(stream, free)
  }

  /** Aborts the stream, and the connection of whoever has been refused too often. */
  #refuse(stream: Stream, connection: Connection, limit: FixedLimit, reason: SafeText): TooMuchError {
    const error = new TooMuchError(reason)
    const action = this.#tools.refusals.take(connection.id) ? 'refused' : 'closed'
    const host = hostOf(connection.remoteAddr)
    this.#tools.exceeded({
      limit,
      action,
      ...(host === undefined ? {} : { host: safeText(host) }),
      peerId: safeText(connection.remotePeer.toString()),
      connectionId: safeText(connection.id),
      protocol: safeText(this.#registered.protocol),
      reason,
    })
    stream.abort(error)
    if (action === 'closed') connection.abort(error)
    return error
  }
}

function counted(count: number, one: SafeText, many: SafeText): SafeText {
  return say`${formatCount(count)} ${count === 1 ? one : many}`
}
