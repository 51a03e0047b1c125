import { safeMessage, say } from '../../core/safe-text.ts'
import { UsageProblem } from './usage-problem.ts'

/**
 * Checks addresses before a node is started with them. The library is only loaded when there is one to check.
 *
 * @param what what they were given as, e.g. `--listen`
 * @throws {UsageProblem} naming the first that is no multiaddr
 */
export async function checkMultiaddrs(what: string, addresses: readonly string[]): Promise<void> {
  if (addresses.length === 0) return
  const { multiaddrProblem } = await import('../../node/check-multiaddr.ts')
  for (const address of addresses) {
    const problem = multiaddrProblem(address)
    if (problem === undefined) continue
    throw new UsageProblem(
      say`${safeMessage(what)}: "${safeMessage(address)}" is not a multiaddr: ${problem}`,
    )
  }
}
