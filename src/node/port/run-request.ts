/** Run at both ends of the channel: sees that a request settles, whatever happens beyond it. */
import type { Clock } from '../../core/clock.ts'
import { type Failure, RequestFailed } from '../../core/failure.ts'
import { DEADLINES, type RequestKind, type RequestOptions, type Result } from '../../core/requests.ts'
import { type SafeText, safeText } from '../../core/safe-text.ts'
import { asRequestFailed, CANCELLED, noSuchRequest, tookTooLong } from './failures.ts'
import { isRequestKind } from './wire-checks.ts'

/** A timer cannot wait longer: beyond this, Node's would fire at once. */
const LONGEST_MS = 2 ** 31 - 1

/** What a request's handler is told beside the parameters. */
export interface RequestContext {
  /** Aborts when nobody waits for the result any more; its reason is the {@link RequestFailed} of the caller. */
  readonly signal: AbortSignal
  /** For the events that the request causes. */
  readonly requestId: SafeText
  /** By when the request fails on its own, in ms from now. */
  readonly deadlineMs: number
}

/** Does what one request asks for, in this thread or over a channel. What it throws becomes a failure. */
export type RequestHandler<K extends RequestKind> = (
  context: RequestContext,
) => Result<K> | Promise<Result<K>>

/** How ids are made, and how long past its deadline a request is left alone. */
export interface RunnerOptions {
  /** What the ids of requests begin with, when callers bring none. @default 'r' */
  prefix?: string
  /** How long past its deadline a request may go on, for a handler that keeps the deadline itself. @default 0 */
  graceMs?: number
}

/**
 * Runs the handlers of requests so that each request settles, whatever its handler does: by the handler, by the
 * caller's signal, by its deadline, or because the node is gone.
 */
export class RequestRunner {
  readonly #clock: Clock
  readonly #prefix: string
  readonly #graceMs: number
  /** How to fail each request under way. */
  readonly #pending = new Set<(failure: Failure) => void>()
  #count = 0
  #end: Failure | undefined

  constructor(clock: Clock, { prefix = 'r', graceMs = 0 }: RunnerOptions = {}) {
    this.#clock = clock
    this.#prefix = prefix
    this.#graceMs = graceMs
  }

  /** @throws {RequestFailed} and nothing else */
  run<K extends RequestKind>(
    kind: K,
    options: RequestOptions,
    handler: RequestHandler<K>,
  ): Promise<Result<K>> {
    if (this.#end !== undefined) return Promise.reject(new RequestFailed(this.#end))
    if (!isRequestKind(kind)) return Promise.reject(new RequestFailed(noSuchRequest(kind)))
    if (options.signal?.aborted) return Promise.reject(new RequestFailed(CANCELLED))
    this.#count += 1
    const requestId = options.id ?? safeText(`${this.#prefix}${this.#count}`)
    const deadlineMs = deadlineOf(kind, options)

    return new Promise((resolve, reject) => {
      const controller = new AbortController()
      const fail = (failure: Failure): void => {
        release()
        const error = new RequestFailed(failure)
        reject(error)
        controller.abort(error)
      }
      const cancel = (): void => fail(CANCELLED)
      const stopTimer = this.#clock.after(Math.min(deadlineMs + this.#graceMs, LONGEST_MS), () =>
        fail(tookTooLong(deadlineMs)),
      )
      const release = (): void => {
        stopTimer()
        options.signal?.removeEventListener('abort', cancel)
        this.#pending.delete(fail)
      }
      options.signal?.addEventListener('abort', cancel, { once: true })
      this.#pending.add(fail)

      start(handler, { signal: controller.signal, requestId, deadlineMs })
        .finally(release)
        .then(resolve, (error: unknown) => reject(asRequestFailed(error)))
    })
  }

  /** The node is gone: requests under way fail with `failure`, and so do all later ones. */
  end(failure: Failure): void {
    this.#end ??= failure
    for (const fail of [...this.#pending]) fail(failure)
  }
}

/** A handler that throws at once is one that rejects. */
async function start<K extends RequestKind>(
  handler: RequestHandler<K>,
  context: RequestContext,
): Promise<Result<K>> {
  return handler(context)
}

function deadlineOf(kind: RequestKind, { deadlineMs }: RequestOptions): number {
  const wanted = deadlineMs === undefined || Number.isNaN(deadlineMs) ? DEADLINES[kind] : deadlineMs
  return Math.min(Math.max(wanted, 0), LONGEST_MS)
}
