import type { NodeOptions } from '../../node/options.ts'
import type { Given } from './given.ts'
import type { OptionSpec } from './option.ts'

/** Options about how others reach this node. */
export const REACH_OPTIONS: readonly OptionSpec[] = [
  {
    key: 'announce',
    flag: 'announce',
    kind: 'texts',
    value: '<multiaddr>',
    summary: 'an address to tell others, e.g. that of a port forwarded to this node; may be repeated',
  },
  {
    key: 'autonat',
    flag: 'autonat',
    kind: 'on',
    summary: 'tell connected peers our public addresses and ask them to dial back, to know whether they can',
  },
  {
    key: 'autonatServer',
    flag: 'autonat-server',
    kind: 'on',
    summary: 'dial back those who ask that of us',
  },
  {
    key: 'upnp',
    flag: 'upnp',
    kind: 'on',
    summary: 'have the router forward the ports that we listen on, until the end',
  },
]

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
