import { type Failure, RequestFailed } from '../core/failure.ts'
import type { Params } from '../core/requests.ts'
import type { DhtOptions } from './options.ts'
import { isPublic } from './routing/networks.ts'
import { planOf } from './routing/plan.ts'

/** What is wrong with the words of a query, if they cannot be asked for; for callers that have no node. */
export function queryProblem(params: Params<'query'>, dht: DhtOptions): Failure | undefined {
  try {
    planOf(params, isPublic(dht))
    return undefined
  } catch (error) {
    if (error instanceof RequestFailed) return error.failure
    throw error
  }
}
