import { RequestFailed } from '../../../core/failure.ts'
import { readDescription } from './description.ts'
import { noGateway, noPortService } from './failures.ts'
import { Gateway } from './gateway.ts'
import { read } from './soap.ts'
import { type SearchOptions, searchGateways } from './ssdp.ts'

/**
 * Finds the router that forwards ports. All that answered are asked at once: one that is silent holds up nobody.
 *
 * @throws {RequestFailed} when none answers, or none of those that do forwards ports; what fetch throws
 */
export async function findGateway(options: SearchOptions): Promise<Gateway> {
  const found = await searchGateways(options)
  const asked = await Promise.allSettled(
    found.map(async ({ location, ownHost }) => {
      const description = readDescription(await read(location, options.signal), location)
      return description && new Gateway(description, ownHost)
    }),
  )
  let problem: unknown
  for (const answer of asked) {
    if (answer.status === 'rejected') problem = answer.reason
    else if (answer.value !== undefined) return answer.value
  }
  throw problem ?? new RequestFailed(found.length === 0 ? noGateway : noPortService)
}
