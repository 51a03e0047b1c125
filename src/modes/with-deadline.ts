import type { Clock } from '../core/clock.ts'
import { RequestFailed } from '../core/failure.ts'
import type { NodePort } from '../core/port.ts'
import { tookTooLong } from '../node/port/failures.ts'

/** A port whose requests all end by one moment, `ms` from now, whatever their own deadlines are. */
export function withDeadline(port: NodePort, clock: Clock, ms: number): NodePort {
  const endsAt = clock.monotonic() + ms
  return {
    ended: port.ended,
    subscribe: options => port.subscribe(options),
    stop: () => port.stop(),
    request: async (kind, params, options) => {
      const deadlineMs = Math.max(1, endsAt - clock.monotonic())
      try {
        return await port.request(kind, params, { ...options, deadlineMs })
      } catch (error) {
        const late = error instanceof RequestFailed && error.failure.stage === 'request'
        // What was left for this request means nothing to the person, who gave time for all of them.
        throw late && clock.monotonic() >= endsAt ? new RequestFailed(tookTooLong(ms)) : error
      }
    },
  }
}
