import type { Metrics, MultiaddrConnection, Stream, StreamMessageEvent } from '@libp2p/interface'
import { writeWhole } from './whole-writes.ts'

/** Bytes both ways since the start. */
export interface ByteCount {
  bytesIn: number
  bytesOut: number
}

/** What comes in on a stream. */
type Data = StreamMessageEvent['data']

/** Is told of bytes as they pass. */
export interface ByteObserver {
  /** `data`: the bytes themselves, which are the stream's own: to be read at once and left as they are. */
  received?(bytes: number, data: Data): void
  sent?(bytes: number): void
}

/** Who is told of streams and their bytes. */
export interface TrafficTapOptions {
  /**
   * Called for each stream once its protocol is agreed on, inbound and outbound. The observers it returns see every
   * byte from then on.
   */
  streamOpened(stream: Stream): readonly ByteObserver[]
  /** Called for each raw connection when its handshake begins, inbound and outbound. */
  connectionBegun?(raw: MultiaddrConnection): void
}

/**
 * libp2p's metrics hook, made into a byte counter and into the event of an opened stream, which libp2p has neither of.
 *
 * Bytes are counted by wrapping `send` and `dispatchEvent` of the stream. A listener for its messages would not do:
 * it would start to consume what the stream's own reader is to get.
 */
export class TrafficTap {
  readonly #wires = new WeakMap<object, ByteCount>()
  readonly #raw = new WeakMap<object, MultiaddrConnection>()
  readonly #options: TrafficTapOptions
  /** All bytes of all connections, those included that never got through their handshake. */
  readonly total: ByteCount = { bytesIn: 0, bytesOut: 0 }

  constructor(options: TrafficTapOptions) {
    this.#options = options
  }

  /**
   * What a connection has carried so far, as it grows. A connection's timeline is that of its raw connection. Nothing
   * passes through that of QUIC, whose streams are on the wire themselves: see {@link TrafficTap.unseen}.
   */
  wireOf(timeline: object): ByteCount {
    return this.#wires.get(timeline) ?? { bytesIn: 0, bytesOut: 0 }
  }

  /** The raw connection below a connection, by their common timeline. */
  rawOf(timeline: object): MultiaddrConnection | undefined {
    return this.#raw.get(timeline)
  }

  /** For a stream whose bytes nothing else counts as those of its connection, and of all: QUIC's. Frames are not in it. */
  unseen(timeline: object): readonly ByteObserver[] {
    return [counting(this.wireOf(timeline)), counting(this.total)]
  }

  /** What `createLibp2p` takes as its `metrics`. */
  readonly metrics = (): Metrics => {
    const metric = {
      update: () => {},
      increment: () => {},
      decrement: () => {},
      reset: () => {},
      observe: () => {},
      timer: () => () => {},
    }
    const register = () => metric
    return {
      trackMultiaddrConnection: (connection: MultiaddrConnection) => this.#trackConnection(connection),
      trackProtocolStream: (stream: Stream) => observe(stream, this.#options.streamOpened(stream)),
      registerMetric: register,
      registerMetricGroup: register,
      registerCounter: register,
      registerCounterGroup: register,
      registerHistogram: register,
      registerHistogramGroup: register,
      registerSummary: register,
      registerSummaryGroup: register,
      traceFunction: (_name: string, run: never) => run,
      createTrace: () => undefined,
    } as unknown as Metrics
  }

  #trackConnection(connection: MultiaddrConnection): void {
    const count: ByteCount = { bytesIn: 0, bytesOut: 0 }
    this.#wires.set(connection.timeline, count)
    this.#raw.set(connection.timeline, connection)
    this.#options.connectionBegun?.(connection)
    writeWhole(connection)
    // What goes through a relay is on the wire of the connection to that relay, and counted there.
    const relayed = connection.remoteAddr.getComponents().some(({ name }) => name === 'p2p-circuit')
    observe(connection, relayed ? [counting(count)] : [counting(count), counting(this.total)])
  }
}

/** An observer that adds up. */
export function counting(count: ByteCount): ByteObserver {
  return {
    received: bytes => {
      count.bytesIn += bytes
    },
    sent: bytes => {
      count.bytesOut += bytes
    },
  }
}

/** Has observers told of every byte of a stream or a connection from now on. */
export function observe(target: Stream | MultiaddrConnection, observers: readonly ByteObserver[]): void {
  const dispatch = target.dispatchEvent.bind(target)
  const send = target.send.bind(target)
  target.dispatchEvent = (event: Event): boolean => {
    if (event.type === 'message') {
      const { data } = event as Event & { data: Data }
      for (const observer of observers) observer.received?.(data.byteLength, data)
    }
    return dispatch(event)
  }
  target.send = data => {
    const { byteLength } = data
    const more = send(data)
    for (const observer of observers) observer.sent?.(byteLength)
    return more
  }
}
