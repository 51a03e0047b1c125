import type { Clock } from '../core/clock.ts'
import type { NodePort } from '../core/port.ts'

/** A port whose requests all end by one moment, `ms` from now, whatever their own deadlines are. */
export function withDeadline(port: NodePort, clock: Clock, ms: number): NodePort {
  const endsAt = clock.monotonic() + ms
  return {
    ended: port.ended,
    subscribe: options => port.subscribe(options),
    stop: () => port.stop(),
    request: (kind, params, options) => {
      const deadlineMs = Math.max(1, endsAt - clock.monotonic())
      return port.request(kind, params, { ...options, deadlineMs })
    },
  }
}
