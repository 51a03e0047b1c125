import { safeText, say } from '../../core/safe-text.ts'
import type { NodeOptions } from '../../node/options.ts'
import type { Given } from './given.ts'
import type { OptionSpec } from './option.ts'
import { UsageProblem } from './usage-problem.ts'

/** Options about the DHT and with whom the node begins. */
export const DHT_OPTIONS: readonly OptionSpec[] = [
  {
    key: 'dht',
    flag: 'dht',
    kind: 'text',
    value: '<which>',
    summary: 'take part in a DHT: lan, public, or its protocol id (none)',
  },
  { key: 'dhtServer', flag: 'dht-server', kind: 'on', summary: 'answer the DHT questions of others too' },
  {
    key: 'bootstrap',
    flag: 'bootstrap',
    kind: 'texts',
    value: '<multiaddr>',
    summary: 'connect to this peer at the start; may be repeated',
  },
  {
    key: 'public',
    flag: 'public',
    kind: 'on',
    summary: 'join the public network: --dht public, its well-known bootstrap peers, and --autonat',
  },
]

/**
 * Which DHT was asked for, if any; `--public` asks for the public one where `--dht` names no other.
 *
 * @throws {UsageProblem} when it is none that there is, or nobody asked for one that shall be served
 */
export function toDht(given: Given): Pick<NodeOptions, 'dht'> {
  const network = given.dht ?? (given.public === true ? 'public' : undefined)
  const server = given.dhtServer ?? false
  if (network === undefined) {
    if (server)
      throw new UsageProblem(say`--dht-server needs --dht lan, --dht public or --dht /your/protocol`)
    return {}
  }
  if (network !== 'lan' && network !== 'public' && !/^\/[\x21-\x7e]+$/.test(network)) {
    throw new UsageProblem(
      say`--dht must be lan, public, or a protocol id like /your/kad/1.0.0, not "${safeText(network)}"`,
    )
  }
  return { dht: { network, server } }
}
