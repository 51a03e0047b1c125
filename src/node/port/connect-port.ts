/** The caller's end of the channel: turns calls of the port into messages and answers into results. */
import type { Clock } from '../../core/clock.ts'
import { RequestFailed } from '../../core/failure.ts'
import type { NodePort, SubscribeOptions, Subscription } from '../../core/port.ts'
import type { Params, PortEnd, RequestKind, RequestOptions, Result } from '../../core/requests.ts'
import { ConnectedReader } from './connected-reader.ts'
import { nodeGone, STOPPED } from './failures.ts'
import { type RequestContext, RequestRunner } from './run-request.ts'
import type { Channel, FromNode, ToNode } from './wire.ts'
import { asFromNode } from './wire-checks.ts'

/**
 * How much later than the node this side gives a request up, in ms: the node is the one to notice that time is up,
 * and to say so in its events, unless it hangs.
 */
export const GRACE_MS = 1000

/**
 * The port of a node on the other side of a channel, where serve-port.ts answers. Deadlines and signals hold on this
 * side too, so a node that hangs makes nobody else hang; when the channel is lost, everything that waits settles.
 */
export function connectPort(channel: Channel<ToNode>, clock: Clock): NodePort {
  return new ConnectedPort(channel, clock)
}

interface Call {
  resolve(result: never): void
  reject(error: RequestFailed): void
}

class ConnectedPort implements NodePort {
  readonly ended: Promise<PortEnd>
  readonly #channel: Channel<ToNode>
  readonly #runner: RequestRunner
  readonly #calls = new Map<number, Call>()
  readonly #readers = new Map<number, ConnectedReader>()
  readonly #settleEnded: (end: PortEnd) => void
  #count = 0
  #stopping = false
  #over = false

  constructor(channel: Channel<ToNode>, clock: Clock) {
    this.#channel = channel
    this.#runner = new RequestRunner(clock, { graceMs: GRACE_MS })
    const { promise, resolve } = Promise.withResolvers<PortEnd>()
    this.ended = promise
    this.#settleEnded = resolve
    const stopListening = channel.open({
      message: message => this.#receive(asFromNode(message)),
      // Whoever asked the node to stop does not mind how it went.
      lost: failure => this.#end(this.#stopping ? { how: 'stopped' } : { how: 'failed', failure }),
    })
    void promise.then(stopListening)
  }

  request<K extends RequestKind>(
    kind: K,
    params: Params<K>,
    options: RequestOptions = {},
  ): Promise<Result<K>> {
    return this.#runner.run(kind, options, context => this.#call(kind, params, options, context))
  }

  subscribe(options: SubscribeOptions = {}): Subscription {
    const { capacity, recent = false, routineWaitMs = 0 } = options
    if (capacity !== undefined && (!Number.isInteger(capacity) || capacity < 1))
      throw new RangeError('capacity must be a positive integer')
    this.#count += 1
    const reader = this.#count
    const connected = new ConnectedReader({
      pull: () => this.#send({ type: 'pull', reader }),
      closed: () => {
        this.#readers.delete(reader)
        this.#send({ type: 'unsubscribe', reader })
      },
    })
    if (this.#over) connected.finish()
    else {
      this.#readers.set(reader, connected)
      const wanted = { recent, routineWaitMs, ...(capacity === undefined ? {} : { capacity }) }
      this.#send({ type: 'subscribe', reader, ...wanted })
    }
    return connected
  }

  async stop(): Promise<void> {
    if (!this.#stopping) {
      this.#stopping = true
      this.#send({ type: 'stop' })
      this.#runner.end(STOPPED)
    }
    await this.ended
  }

  #call<K extends RequestKind>(
    kind: K,
    params: Params<K>,
    { id }: RequestOptions,
    { signal, deadlineMs }: RequestContext,
  ): Promise<Result<K>> {
    this.#count += 1
    const call = this.#count
    const { promise, resolve, reject } = Promise.withResolvers<Result<K>>()
    this.#calls.set(call, { resolve, reject })
    try {
      // Without an id of the caller's, the node makes one: ids are unique there, not here.
      this.#send({ type: 'request', call, kind, params, deadlineMs, ...(id === undefined ? {} : { id }) })
    } catch (error) {
      this.#calls.delete(call)
      throw error
    }
    signal.addEventListener('abort', () => {
      this.#calls.delete(call)
      this.#send({ type: 'cancel', call })
    })
    return promise
  }

  #receive(message: FromNode | undefined): void {
    switch (message?.type) {
      case 'result':
        this.#takeCall(message.call)?.resolve(message.result as never)
        return
      case 'failed':
        this.#takeCall(message.call)?.reject(new RequestFailed(message.failure))
        return
      case 'batch':
        this.#readers.get(message.reader)?.receive(message.batch)
        if (message.batch === undefined) this.#readers.delete(message.reader)
        return
      case 'ended':
        this.#end(message.end)
        return
      default:
        return
    }
  }

  #takeCall(id: number): Call | undefined {
    const call = this.#calls.get(id)
    this.#calls.delete(id)
    return call
  }

  #end(end: PortEnd): void {
    if (this.#over) return
    this.#over = true
    this.#runner.end(end.failure === undefined ? STOPPED : nodeGone(end.failure))
    for (const reader of this.#readers.values()) reader.finish()
    this.#readers.clear()
    this.#settleEnded(end)
  }

  #send(message: ToNode): void {
    if (!this.#over) this.#channel.send(message)
  }
}
