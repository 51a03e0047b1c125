import { isAddress } from '../commands/target.ts'
import type { NodeOptions } from '../node/options.ts'
import type { OneShot } from './one-shot.ts'
import type { Settings } from './options/settings.ts'

/**
 * How the node for one command is to be: nobody, nowhere and silent, but for what was asked for and what the command
 * needs. Two such commands, and one beside a running copy, do not get into each other's way. What the command itself
 * connects to and reserves at is left to it.
 */
export function oneShotNode({ node, chosen }: Settings, { command, args }: OneShot): NodeOptions {
  const { needs = [] } = command
  const silent = { ...node, autoDial: false, pingIntervalMs: 0, bootstrap: [], relays: [], autoRelay: false }
  const listens = needs.includes('listening')
  const reach = listens ? {} : { autonat: false, autonatServer: false, upnp: false }
  if (needs.includes('profile')) {
    const { dht: _, relayServer: __, ...alone } = silent
    return { ...alone, ...reach, listen: [], mdns: false, offline: true }
  }
  const asksNeighbours = needs.includes('dht') && hearsOfServers(node)
  return {
    ...silent,
    ...reach,
    listen: chosen.listen || listens ? node.listen : [],
    ephemeral: chosen.profile ? node.ephemeral : true,
    mdns: node.mdns && (needs.includes('hearing') || asksNeighbours || namesSomebody(args.target)),
    // Who serves the DHT is seen once it is connected.
    autoDial: asksNeighbours,
  }
}

/** Whether those who serve the DHT can be on the local network, and are to be looked for there. */
export function hearsOfServers({ mdns, dht, bootstrap }: NodeOptions): boolean {
  return mdns && bootstrap.length === 0 && dht !== undefined && dht.network !== 'public'
}

/** Is there a target whose address has to be heard first? */
function namesSomebody(target: OneShot['args'][string]): boolean {
  const targets = Array.isArray(target) ? target : target === undefined ? [] : [String(target)]
  return targets.some(text => !isAddress(text))
}
