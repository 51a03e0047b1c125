import { type Failure, RequestFailed, STAGES } from '../../core/failure.ts'
import { safeMessage, say } from '../../core/safe-text.ts'
import { connectRows } from './connect-rows.ts'
import { punchRows } from './punch-rows.ts'
import { relayRows } from './relay-rows.ts'
import { requestRows } from './request-rows.ts'
import type { Context } from './row.ts'
import { seen } from './seen.ts'
import { streamRows } from './stream-rows.ts'

export type { Context } from './row.ts'

const ROWS = [...requestRows, ...punchRows, ...relayRows, ...connectRows, ...streamRows]

/**
 * Says of any error what failed, at which stage, why in a person's words, and what to try next. Of several errors
 * (one an address) it explains the one that came furthest.
 *
 * Errors are told apart by name, code and message, never by `instanceof`: some cross package copies, and several
 * different classes stand for the same fault.
 *
 * @throws nothing, whatever was thrown
 */
export function explain(error: unknown, context: Context): Failure {
  if (error instanceof RequestFailed) return error.failure
  const facts = seen(error)
  if (facts.errors.length > 0 && !context.cancelled && !context.stopped)
    return ofSeveral(facts.errors, context)
  const row = ROWS.find(candidate => candidate.matches(facts, context))
  if (row === undefined) {
    return {
      stage: context.stage,
      cause: facts.message === '' ? say`It failed without a reason` : safeMessage(facts.message),
      hint: say`Try again`,
    }
  }
  return { stage: context.stage, ...row.says(facts, context) }
}

function ofSeveral(errors: readonly unknown[], context: Context): Failure {
  const failures = errors.map(error => explain(error, { ...context, stage: 'connect' }))
  const furthest = failures.reduce((best, next) =>
    STAGES.indexOf(next.stage) > STAGES.indexOf(best.stage) ? next : best,
  )
  if (failures.length === 1) return furthest
  return {
    ...furthest,
    cause: say`None of ${failures.length} addresses worked. The one that came furthest: ${furthest.cause}`,
  }
}
