import type { Payload } from '../../core/events.ts'
import { type Failure, RequestFailed } from '../../core/failure.ts'
import { say } from '../../core/safe-text.ts'
import { explain } from '../errors/explain.ts'
import { seen } from '../errors/seen.ts'

/** Why a ping is lost, as `ping:failed` tells it. */
export type LossKind = Payload<'ping:failed'>['kind']

/** A ping that was not answered as it should be, and why. */
export class PingLost extends RequestFailed {
  readonly kind: LossKind

  constructor(kind: LossKind, failure: Failure, options?: ErrorOptions) {
    super(failure, options)
    this.kind = kind
  }
}

/** @param slowMs how long the latest answer that came too late took; undefined: none did */
export function timedOut(timeoutMs: number, slowMs?: number): PingLost {
  const slow =
    slowMs === undefined
      ? say``
      : say`; it answers slowly: an earlier answer took ${Math.round(slowMs) / 1000} s`
  return new PingLost('timeout', {
    stage: 'exchange',
    cause: say`No answer within ${timeoutMs / 1000} s${slow}`,
    hint: say`The connection is still open; it may be busy, or the network lossy`,
  })
}

/** The answer is not what was sent; the ping protocol wants the same 32 bytes back. */
export function garbled(): PingLost {
  return new PingLost('garbage', {
    stage: 'exchange',
    cause: say`It answered with other bytes than were sent`,
    hint: say`Its ping is broken; its connection is fine`,
  })
}

/** The stream ended before the answer. `cause` is the stream's error, if it had one. */
export function closedStream(cause?: unknown): PingLost {
  return new PingLost(
    'closed',
    {
      stage: 'exchange',
      cause: say`It closed the ping stream before it answered`,
      hint: say`It may limit pings; its connection is fine`,
    },
    { cause },
  )
}

/** There is no connection to ping over. */
export function notConnected(): PingLost {
  return new PingLost('unreachable', {
    stage: 'request',
    cause: say`Not connected to this peer`,
    hint: say`Dial it first`,
  })
}

/** The connection went away while the answer was awaited. */
export function disconnected(): PingLost {
  return new PingLost('unreachable', {
    stage: 'exchange',
    cause: say`The connection closed before it answered`,
    hint: say`Dial it again`,
  })
}

/** Why a ping stream could not be opened on a connection. */
export function notOpened(error: unknown, outOfTime: boolean): PingLost {
  const failure = explain(outOfTime ? new DOMException('', 'TimeoutError') : error, { stage: 'protocol' })
  return new PingLost(outOfTime ? 'timeout' : kindOf(seen(error).name), failure, { cause: error })
}

function kindOf(name: string): LossKind {
  if (name === 'UnsupportedProtocolError') return 'unsupported'
  if (/^(Connection|Muxer)Clos/.test(name)) return 'unreachable'
  return 'closed'
}
