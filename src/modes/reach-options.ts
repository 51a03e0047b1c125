import type { NodeOptions } from '../node/options.ts'
import type { Given } from './options.ts'

/** How others shall reach this node, as far as it was said; `--public` asks for AutoNAT unless that was refused. */
export function toReach(given: Given): Pick<NodeOptions, 'announce' | 'autonat' | 'autonatServer' | 'upnp'> {
  const { announce, autonatServer, upnp } = given
  const autonat = given.autonat ?? given.public
  return {
    ...(announce === undefined ? {} : { announce }),
    ...(autonat === true ? { autonat } : {}),
    ...(autonatServer === true ? { autonatServer } : {}),
    ...(upnp === true ? { upnp } : {}),
  }
}
