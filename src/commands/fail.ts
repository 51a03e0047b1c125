import { type Failure, RequestFailed, type Stage } from '../core/failure.ts'
import type { SafeText } from '../core/safe-text.ts'

/** A command's own failure, to be thrown. */
export function failed(stage: Stage, cause: SafeText, hint: SafeText): RequestFailed {
  return new RequestFailed({ stage, cause, hint } satisfies Failure)
}
