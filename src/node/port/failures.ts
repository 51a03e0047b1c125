/** What requests fail with at any hop when it is not their handler that failed. */
import { type Failure, RequestFailed } from '../../core/failure.ts'
import { type SafeText, safeMessage, safeText, say } from '../../core/safe-text.ts'

/** What a request fails with when its caller has called it off. */
export const CANCELLED: Failure = {
  stage: 'request',
  cause: say`Cancelled`,
  hint: say`Ask again when you like`,
}

/** What a request fails with when the node was stopped before it could end. */
export const STOPPED: Failure = {
  stage: 'request',
  cause: say`The node has stopped`,
  hint: say`Start p2p-tui again`,
}

/** What a request fails with when its time is up. */
export function tookTooLong(deadlineMs: number): Failure {
  return {
    stage: 'request',
    cause: say`Took longer than ${seconds(deadlineMs)} s`,
    hint: say`Check that the other side is up and can be reached, then try again or allow more time`,
  }
}

/** What a request fails with when the node behind it died. */
export function nodeGone(failure: Failure): Failure {
  return {
    stage: 'request',
    cause: safeMessage(`The node is gone: ${failure.cause}`),
    hint: failure.hint,
  }
}

/** What a request fails with that makes no sense. */
export function badRequest(cause: SafeText): Failure {
  return { stage: 'request', cause, hint: say`Both sides must run the same version of p2p-tui` }
}

/** What a request fails with that there is not. */
export function noSuchRequest(kind: string): Failure {
  return badRequest(say`No such request: ${safeText(kind)}`)
}

/** Any error as the one kind that a port rejects with. */
export function asRequestFailed(error: unknown): RequestFailed {
  if (error instanceof RequestFailed) return error
  return new RequestFailed(unexpected(error), { cause: error })
}

/** The failure of something that nobody expected to fail. */
export function unexpected(error: unknown): Failure {
  const cause = safeMessage(error)
  return {
    stage: 'request',
    cause: cause === '' ? say`Unknown error` : cause,
    hint: say`Try again. If it fails again, please report it`,
  }
}

function seconds(ms: number): SafeText {
  return safeText(Number((ms / 1000).toFixed(3)))
}
