import { DEFAULT_NODE_OPTIONS } from '../../node/options.ts'
import type { Asked } from '../command-line.ts'
import { checkMultiaddrs } from './check-multiaddrs.ts'
import { givenByEnv } from './env.ts'
import type { Given } from './given.ts'
import { readProfileOptions } from './profile-file.ts'
import { type Settings, toSettings } from './settings.ts'

/** The process's environment, or a made-up one. */
type Env = Readonly<Record<string, string | undefined>>

/**
 * Puts together what flags, environment, configuration file and profile say, in this order, and checks it.
 *
 * @throws {UsageProblem}
 */
export async function readSettings({ given, oneShot }: Asked, env: Env): Promise<Settings> {
  const byEnv = givenByEnv(env)
  const path = given.config ?? byEnv.config
  const file = path === undefined ? {} : await (await import('./config-file.ts')).readConfigFile(path)
  const layers = [given, byEnv, file]
  const settings = toSettings(layers, env.TERM === 'dumb', await ofProfile(layers, oneShot))
  await check(settings, oneShot)
  return settings
}

/** A one-shot verb is nobody in particular unless a profile was chosen. */
async function ofProfile(layers: readonly Given[], oneShot: Asked['oneShot']): Promise<Given> {
  const given: Given = Object.assign({}, ...layers.toReversed())
  return oneShot !== undefined && given.profile === undefined ? {} : await readProfileOptions(given)
}

async function check(settings: Settings, oneShot: Asked['oneShot']): Promise<void> {
  const { node, dial } = settings
  // The defaults are right, and to check them would load a library.
  if (node.listen !== DEFAULT_NODE_OPTIONS.listen) await checkMultiaddrs('--listen', node.listen)
  await checkMultiaddrs('--bootstrap', node.bootstrap)
  await checkMultiaddrs('--announce', node.announce ?? [])
  await checkMultiaddrs('--relay', node.relays ?? [])
  await checkMultiaddrs('to dial', dial)
  if (oneShot !== undefined) await (await import('../check-verb.ts')).checkVerb(oneShot, settings)
}
