import { RequestFailed } from '../../core/failure.ts'
import type { Params } from '../../core/requests.ts'
import type { DialRequest } from '../dial/dialer.ts'
import { explain } from '../errors/explain.ts'
import { nobodyAnswered, noPeers } from './failures.ts'
import { OneQuery, type QueryTools } from './one-query.ts'
import type { Plan } from './plan.ts'

/** What a query is run with. */
export interface QueryRun {
  kind: Params<'query'>['query']
  plan: Plan
  tools: QueryTools
  /** Whether somebody can be asked, now or soon. */
  ready(signal: AbortSignal): Promise<boolean>
}

/**
 * Asks until there is a result; each step is an event. How it ended well is left to be told.
 *
 * @throws {RequestFailed} when nobody is there to be asked, or nothing was found; that is told
 */
export async function runQuery(run: QueryRun, { signal, requestId }: DialRequest): Promise<OneQuery> {
  const query = new OneQuery(run.plan, run.kind, requestId, run.tools)
  try {
    await untilAborted(ask(query, run, signal), signal)
    if (!query.found) throw run.plan.none
    return query
  } catch (error) {
    throw ended(query, run.plan, error, signal)
  }
}

async function ask(query: OneQuery, { ready }: QueryRun, signal: AbortSignal): Promise<void> {
  if (!(await ready(signal))) throw noPeers
  await query.run(signal)
}

/** Tells how a query failed, and how to say so to the one who asked. */
function ended(query: OneQuery, plan: Plan, error: unknown, signal: AbortSignal): RequestFailed {
  // The library's own words for "nobody has it" are several; so many answers without a result say the same.
  const nothing = error === plan.none || /^(NotFoundError|AggregateError)$/.test((error as Error)?.name)
  const failure =
    nothing && !signal.aborted
      ? (query.unanswered ? nobodyAnswered : plan.none).failure
      : explain(signal.aborted ? signal.reason : error, { stage: 'exchange' })
  query.end(signal.aborted ? 'cancelled' : nothing ? 'nothing' : 'failed', failure.cause)
  return new RequestFailed(failure, { cause: error })
}

/** The outcome of `work`, or at once the reason of the signal: a query under way may take a while to notice it. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
