import { RequestFailed } from '../../../core/failure.ts'
import { readDescription } from './description.ts'
import { noGateway, noPortService } from './failures.ts'
import { Gateway } from './gateway.ts'
import { read } from './soap.ts'
import { type SearchOptions, searchGateways } from './ssdp.ts'

/**
 * Finds the router that forwards ports.
 *
 * @throws {RequestFailed} when none answers, or none of those that do forwards ports; what fetch throws
 */
export async function findGateway(options: SearchOptions): Promise<Gateway> {
  const found = await searchGateways(options)
  let problem: unknown
  for (const { location, ownHost } of found) {
    try {
      const description = readDescription(await read(location, options.signal), location)
      if (description !== undefined) return new Gateway(description, ownHost)
    } catch (error) {
      problem = error
    }
  }
  throw problem ?? new RequestFailed(found.length === 0 ? noGateway : noPortService)
}
