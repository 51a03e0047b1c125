/** The last hop of a request: the node's own thread, where its handlers run. */
import type { Clock } from '../../core/clock.ts'
import type { Failure } from '../../core/failure.ts'
import type { NodePort, SubscribeOptions, Subscription } from '../../core/port.ts'
import type { Params, PortEnd, RequestKind, RequestOptions, Result } from '../../core/requests.ts'
import type { EventHub } from './event-hub.ts'
import { nodeGone, STOPPED, unexpected } from './failures.ts'
import { type RequestContext, RequestRunner } from './run-request.ts'

/** What a node does for each kind of request. */
export type RequestHandlers = {
  readonly [K in RequestKind]: (params: Params<K>, context: RequestContext) => Result<K> | Promise<Result<K>>
}

/** The node behind the port: its events, its handlers, its end. */
export interface LocalPortOptions {
  clock: Clock
  /** Where the node's events go. The port closes it when the node is gone. */
  hub: EventHub
  /** A promise of them while the node starts: requests wait for it. */
  handlers: RequestHandlers | Promise<RequestHandlers>
  /** Ends the node and everything it opened. Called once, on {@link LocalPort.stop}; events still count. */
  stop(): Promise<void> | void
  /** Ends what reads the hub in this thread, once the hub is closed. The port has not ended before. */
  finish?(): Promise<void>
}

/** The port of a node that runs in this thread. */
export class LocalPort implements NodePort {
  readonly ended: Promise<PortEnd>
  readonly #options: LocalPortOptions
  readonly #runner: RequestRunner
  readonly #settleEnded: (end: PortEnd) => void
  #stopping: Promise<void> | undefined
  #end: PortEnd | undefined

  constructor(options: LocalPortOptions) {
    this.#options = options
    this.#runner = new RequestRunner(options.clock)
    const { promise, resolve } = Promise.withResolvers<PortEnd>()
    this.ended = promise
    this.#settleEnded = resolve
  }

  request<K extends RequestKind>(
    kind: K,
    params: Params<K>,
    options: RequestOptions = {},
  ): Promise<Result<K>> {
    const { handlers } = this.#options
    return this.#runner.run(kind, options, context =>
      handlers instanceof Promise
        ? handlers.then(ready => ready[kind](params, context))
        : handlers[kind](params, context),
    )
  }

  subscribe(options?: SubscribeOptions): Subscription {
    return this.#options.hub.subscribe(options)
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  /** The node died: everyone who waits learns why. What it left behind is cleaned up by {@link stop}. */
  fail(failure: Failure): void {
    this.#runner.end(nodeGone(failure))
    this.#options.hub.close()
    void this.#finished({ how: 'failed', failure })
  }

  async #stop(): Promise<void> {
    this.#runner.end(STOPPED)
    try {
      await this.#options.stop()
    } catch (error) {
      this.fail(unexpected(error))
    }
    this.#options.hub.close()
    await this.#finished({ how: 'stopped' })
  }

  /** The first end is the one that counts. */
  async #finished(end: PortEnd): Promise<void> {
    this.#end ??= end
    await this.#options.finish?.()
    this.#settleEnded(this.#end)
  }
}
