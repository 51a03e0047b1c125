import { RequestFailed, type Stage } from '../../core/failure.ts'
import type { Result } from '../../core/requests.ts'
import { explain } from '../errors/explain.ts'

/** One dial that several requests may wait for. It is cancelled when the last of them is. */
export class SharedDial {
  readonly #controller = new AbortController()
  readonly #result: Promise<Result<'dial'>>
  readonly #stage: () => Stage
  #waiting = 0

  /** @param stage how far the dial is */
  constructor(run: (signal: AbortSignal) => Promise<Result<'dial'>>, stage: () => Stage) {
    this.#stage = stage
    this.#result = run(this.#controller.signal)
    // Those who wait hear of it; without anyone left a failure is not an unhandled rejection.
    this.#result.catch(() => {})
  }

  /** True: everyone who waited has cancelled, and nobody can join any more. */
  get cancelled(): boolean {
    return this.#controller.signal.aborted
  }

  /**
   * The dial's end, for one who waits.
   *
   * @throws {RequestFailed}
   */
  async join(signal: AbortSignal): Promise<Result<'dial'>> {
    const left = Promise.withResolvers<never>()
    const leave = (): void => {
      this.#waiting--
      // The last one goes with the dial itself, after its events.
      if (this.#waiting === 0) this.#controller.abort(signal.reason)
      else {
        left.reject(
          new RequestFailed(explain(signal.reason, { stage: this.#stage(), cancelled: true }), {
            cause: signal.reason,
          }),
        )
      }
    }
    this.#waiting++
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
    try {
      return await Promise.race([this.#result, left.promise])
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }
}
