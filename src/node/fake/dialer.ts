import type { Cancel } from '../../core/clock.ts'
import type { Id } from '../../core/events.ts'
import { type Failure, RequestFailed } from '../../core/failure.ts'
import type { Result } from '../../core/requests.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { CANCELLED } from '../port/failures.ts'
import { type DialPlan, planDial } from './dial-plan.ts'
import type { FakeConnection, FakeNetwork } from './network.ts'
import { micros } from './random.ts'
import { type FakeTarget, readTarget } from './target.ts'
import type { Timers } from './timers.ts'

/** How a fake dial ended. */
export type DialEnd = { result: Result<'dial'> } | { failure: Failure }

interface Running {
  /** Who waits for it; whoever came first gave it its id. */
  waiting: Set<(end: DialEnd) => void>
  cancel: Cancel
}

/** Dials in the fake network: stage by stage on the clock, and one dial for all who want the same target. */
export class FakeDialer {
  readonly #network: FakeNetwork
  readonly #timers: Timers
  readonly #connected: (connection: FakeConnection) => void
  readonly #running = new Map<SafeText, Running>()

  /** @param connected what becomes of a new connection */
  constructor(network: FakeNetwork, timers: Timers, connected: (connection: FakeConnection) => void) {
    this.#network = network
    this.#timers = timers
    this.#connected = connected
  }

  /** Starts a dial, or joins the one to that target. Cancelling it leaves the others who wait their dial. */
  dial(words: string, done: (end: DialEnd) => void = () => {}, requestId?: Id): Cancel {
    const target = readTarget(words)
    if ('failure' in target) {
      const text = safeText(words.trim())
      this.#started({ text }, requestId)
      this.#failed({ text }, target.failure, 0, undefined, requestId)
      done(target)
      return () => {}
    }
    const running = this.#running.get(target.text) ?? this.#start(target, requestId)
    if (running === undefined) {
      done(this.#existing(target, requestId))
      return () => {}
    }
    running.waiting.add(done)
    return () => {
      running.waiting.delete(done)
      if (running.waiting.size === 0) running.cancel()
    }
  }

  /** {@link dial} as a promise. Rejects with a RequestFailed. */
  dialed(words: string, signal: AbortSignal, requestId: Id): Promise<Result<'dial'>> {
    return new Promise((resolve, reject) => {
      const done = (end: DialEnd) =>
        'result' in end ? resolve(end.result) : reject(new RequestFailed(end.failure))
      signal.addEventListener('abort', this.dial(words, done, requestId), { once: true })
    })
  }

  #start(target: FakeTarget, requestId: Id | undefined): Running | undefined {
    if (this.#open(target) !== undefined) return undefined
    const plan = planDial(target, this.#network)
    this.#started(target, requestId)
    const timers = plan.stages.map(({ stage, afterMs }) =>
      this.#timers.after(afterMs, () =>
        this.#network.emit({
          type: 'dial:progressed',
          ...caused(requestId),
          target: target.text,
          stage,
          elapsedMs: micros(afterMs),
        }),
      ),
    )
    const waiting: Running['waiting'] = new Set()
    timers.push(
      this.#timers.after(plan.endAfterMs + 0.5, () => {
        this.#running.delete(target.text)
        const end = this.#finish(target, plan, requestId)
        for (const done of waiting) done(end)
      }),
    )
    const cancel = (): void => {
      if (this.#running.get(target.text) !== running) return
      this.#running.delete(target.text)
      for (const stop of timers) stop()
      this.#failed(target, CANCELLED, 0, undefined, requestId)
    }
    const running = { waiting, cancel }
    this.#running.set(target.text, running)
    return running
  }

  #finish(target: FakeTarget, plan: DialPlan, requestId: Id | undefined): DialEnd {
    const { peer, failure, address, endAfterMs } = plan
    const durationMs = micros(endAfterMs)
    if (failure === undefined && peer !== undefined) {
      // It may have dialed us meanwhile.
      if (this.#network.connectionsOf(peer).length > 0) return this.#existing(target, requestId)
      const connection = this.#network.open(peer, 'outbound', requestId)
      this.#connected(connection)
      return this.#succeeded(target, connection, durationMs, false, requestId)
    }
    const end = failure ?? CANCELLED
    if (end.stage === 'established' && peer !== undefined)
      this.#network.close(
        this.#network.open(peer, 'outbound', requestId),
        say`Cut by the other side`,
        requestId,
      )
    this.#failed(target, end, durationMs, address, requestId)
    return { failure: end }
  }

  #existing(target: FakeTarget, requestId: Id | undefined): DialEnd {
    const connection = this.#open(target)
    if (connection === undefined) return { failure: CANCELLED }
    this.#started(target, requestId)
    return this.#succeeded(target, connection, 0, true, requestId)
  }

  #open({ peerId, address }: FakeTarget): FakeConnection | undefined {
    return [...this.#network.connections.values()].find(({ peer }) =>
      peerId === undefined
        ? peer.host === address?.host && peer.port === address.port
        : peer.peerId === peerId,
    )
  }

  #started({ text, peerId }: FakeTarget, requestId: Id | undefined): void {
    this.#network.emit({
      type: 'dial:started',
      ...caused(requestId),
      target: text,
      ...(peerId === undefined ? {} : { peerId }),
    })
  }

  #succeeded(
    target: FakeTarget,
    { connectionId, peer, address }: FakeConnection,
    durationMs: number,
    existing: boolean,
    requestId: Id | undefined,
  ): DialEnd {
    const result = { peerId: peer.peerId, connectionId, address, durationMs, existing }
    this.#network.emit({ type: 'dial:succeeded', ...caused(requestId), target: target.text, ...result })
    return { result }
  }

  #failed(
    { text, peerId }: FakeTarget,
    failure: Failure,
    durationMs: number,
    address: SafeText | undefined,
    requestId: Id | undefined,
  ): void {
    this.#network.emit({
      type: 'dial:failed',
      ...caused(requestId),
      target: text,
      ...(peerId === undefined ? {} : { peerId }),
      ...failure,
      durationMs,
      attempts: address === undefined ? [] : [{ address, cause: failure.cause }],
    })
  }
}

function caused(requestId: Id | undefined): { requestId?: Id } {
  return requestId === undefined ? {} : { requestId }
}
