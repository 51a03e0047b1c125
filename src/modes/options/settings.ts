/** What was asked for, put together from flags, environment, file, profile and defaults, in this order. */
import { DEFAULT_NODE_OPTIONS, type NodeOptions } from '../../node/options.ts'
import { PUBLIC_BOOTSTRAP } from '../../node/routing/well-known.ts'
import { toDht } from './dht.ts'
import type { Given } from './given.ts'
import { toLimits } from './limits.ts'
import { toReach } from './reach.ts'
import { toRelays } from './relay.ts'

/** Everything that was chosen, defaults filled in. */
export interface Settings {
  node: NodeOptions
  /** Multiaddrs to dial at the start. */
  dial: readonly string[]
  demo: boolean
  /** Lines instead of a screen. */
  headless: boolean
  json: boolean
  colour: boolean
  /** Whether somebody chose them: a one-shot verb uses neither otherwise. */
  chosen: { profile: boolean; listen: boolean }
}

/**
 * The first that says something decides, option by option.
 *
 * @param layers what was said for this run
 * @param dumb the terminal cannot do colours or a screen
 * @param profile what the profile says where none of these does; this is nobody's choice for a one-shot verb
 */
export function toSettings(layers: readonly Given[], dumb: boolean, profile: Given = {}): Settings {
  const said: Given = Object.assign({}, ...layers.toReversed())
  const given: Given = { ...profile, ...said }
  const { pingInterval, mdnsTtl } = given
  const defaults = DEFAULT_NODE_OPTIONS
  return {
    node: {
      listen: given.listen ?? defaults.listen,
      profile: given.profile ?? defaults.profile,
      ephemeral: given.ephemeral ?? defaults.ephemeral,
      mdns: given.mdns ?? defaults.mdns,
      mdnsTtlMs: mdnsTtl === undefined ? defaults.mdnsTtlMs : mdnsTtl * 1000,
      autoDial: given.autoDial ?? defaults.autoDial,
      ...toDht(given),
      ...toReach(given),
      bootstrap: [
        ...(given.public === true ? PUBLIC_BOOTSTRAP : []),
        ...(given.bootstrap ?? defaults.bootstrap),
      ],
      limits: toLimits(given),
      pingIntervalMs: pingInterval === undefined ? defaults.pingIntervalMs : pingInterval * 1000,
      ...toRelays(given),
      ...(given.dataDir === undefined ? {} : { dataDir: given.dataDir }),
      ...(given.logFile === undefined ? {} : { logFile: given.logFile }),
    },
    dial: given.dial ?? [],
    demo: given.demo ?? false,
    headless: given.headless ?? false,
    json: given.json ?? false,
    colour: (given.color ?? true) && !dumb,
    chosen: { profile: said.profile !== undefined, listen: said.listen !== undefined },
  }
}
