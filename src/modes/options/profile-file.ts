/** Options that a profile keeps for itself: where it listens, whom it begins with. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { RequestFailed } from '../../core/failure.ts'
import { DEFAULT_NODE_OPTIONS } from '../../node/options.ts'
import { dataDirectory, profileDirectory } from '../../node/profile/directory.ts'
import type { Given } from './given.ts'

/** Keys by which a profile is chosen: a profile cannot send one on to another. */
const CHOOSES = ['profile', 'ephemeral', 'dataDir'] as const

/**
 * What stands in the `config.json` of the profile that was chosen, if it has one.
 *
 * @param given all that was said elsewhere; decides which profile it is
 * @throws {UsageProblem} as `readOwnConfigFile`
 */
export async function readProfileOptions(given: Given): Promise<Given> {
  if (given.ephemeral === true || given.demo === true) return {}
  const path = pathOf(given)
  if (path === undefined || !existsSync(path)) return {}
  const { readOwnConfigFile } = await import('./config-file.ts')
  return await readOwnConfigFile(path, dataDirectory(given.dataDir), CHOOSES)
}

function pathOf({ profile = DEFAULT_NODE_OPTIONS.profile, dataDir }: Given): string | undefined {
  try {
    return join(profileDirectory({ profile, ...(dataDir === undefined ? {} : { dataDir }) }), 'config.json')
  } catch (error) {
    // No name for a profile: opening it says so, with what to do.
    if (error instanceof RequestFailed) return undefined
    throw error
  }
}
