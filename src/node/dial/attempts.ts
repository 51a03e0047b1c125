import type { Payload } from '../../core/events.ts'
import type { Failure } from '../../core/failure.ts'
import { say } from '../../core/safe-text.ts'
import { explain } from '../errors/explain.ts'
import { seen } from '../errors/seen.ts'
import type { Attempt, DialProgress } from './progress.ts'

/**
 * The addresses that a failed dial tried, and why each failed. libp2p hands the reasons over in the order of the
 * attempts, but keeps none when it gives up (too many addresses, out of time): then only the last one's is known.
 */
export function attemptsOf(
  error: unknown,
  failure: Failure,
  attempts: readonly Attempt[],
): Payload<'dial:failed'>['attempts'] {
  const reasons = seen(error).errors
  return attempts.map(({ address, stage }, index) => {
    if (index < reasons.length) return { address, cause: explain(reasons[index], { stage }).cause }
    const isLast = index === attempts.length - 1
    return { address, cause: isLast ? failure.cause : say`It failed; the reason was not kept` }
  })
}

/**
 * What became of the addresses that did not win: those before the winner failed, each with its cause, and those after
 * it were not tried.
 *
 * @param reasons what libp2p said of each address that failed, by address
 */
export function othersOf(
  { attempts, untried }: Pick<DialProgress, 'attempts' | 'untried'>,
  reasons: ReadonlyMap<string, unknown>,
): NonNullable<Payload<'dial:succeeded'>['others']> {
  const failed = attempts.slice(0, -1).map(({ address, stage }) => ({
    address,
    cause: reasons.has(address)
      ? explain(reasons.get(address), { stage }).cause
      : say`It failed; the reason was not kept`,
  }))
  return [...failed, ...untried.map(address => ({ address }))]
}
