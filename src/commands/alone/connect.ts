/** Connecting to those whom the words of a one-shot command name. */
import { type Failure, RequestFailed } from '../../core/failure.ts'
import { type SafeText, safeMessage, say } from '../../core/safe-text.ts'
import type { CommandContext } from '../command.ts'
import { failed } from '../fail.ts'
import { resolveTarget } from '../target.ts'

/** Who was reached, and why others were not. */
export interface Reached {
  peers: readonly SafeText[]
  failures: readonly Failure[]
}

/** Dials each target, all at the same time. What fails is told, where there are several. */
export async function connectAll(targets: readonly string[], context: CommandContext): Promise<Reached> {
  const dials = targets.map(target => connect(target, context))
  const ends = await Promise.all(dials)
  const failures = ends.filter(end => typeof end !== 'string')
  if (targets.length > 1) {
    for (const [place, end] of ends.entries()) {
      if (typeof end !== 'string') context.reply(failedReply(targets[place] ?? '', end))
    }
  }
  return { peers: ends.filter(end => typeof end === 'string'), failures }
}

/** Ends a command of whose targets some failed. @throws {RequestFailed} with the first of the failures */
export function failIfAny(failures: readonly Failure[], of: number): void {
  const [first] = failures
  if (first === undefined) return
  if (of === 1) throw new RequestFailed(first)
  throw failed(
    first.stage,
    say`${failures.length} of ${of} did not work. The first: ${first.cause}`,
    first.hint,
  )
}

async function connect(text: string, context: CommandContext): Promise<SafeText | Failure> {
  try {
    const target = await resolveTarget(text, context)
    const { peerId } = await context.port.request('dial', { target: target.dial }, { signal: context.signal })
    return peerId
  } catch (error) {
    if (error instanceof RequestFailed) return error.failure
    throw error
  }
}

function failedReply(target: string, failure: Failure) {
  return {
    tone: 'bad',
    text: say`${safeMessage(target)} failed: ${failure.cause}`,
    data: { type: 'dial:failed', target: safeMessage(target), ...failure },
  } as const
}
