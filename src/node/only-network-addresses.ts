import type { Libp2p } from '@libp2p/interface'
import type { AddressManager } from '@libp2p/interface-internal'
import { isNetworkAddress } from '@libp2p/utils'
import { insidesOf } from './insides.ts'

/** What is relied on of libp2p's address manager beyond its interface. */
interface Upgrading {
  /** Takes what peers see for a mapping of the router, where it fits one listener. */
  maybeUpgradeToIPMapping(...args: unknown[]): boolean
}

/**
 * Keeps addresses that name no host, such as those of Unix sockets, out of libp2p's bookkeeping of what others see and
 * confirm: it throws at them, also out of listeners of events, which would end the node. A relay can name any address in
 * its reservation.
 */
export function onlyNetworkAddresses(libp2p: Libp2p): void {
  const manager = insidesOf(libp2p).addressManager as AddressManager & Upgrading
  for (const method of ['confirmObservedAddr', 'removeObservedAddr', 'addObservedAddr'] as const) {
    const original = manager[method].bind(manager)
    manager[method] = (address, ...rest: []) => {
      if (isNetworkAddress(address)) original(address, ...rest)
    }
  }
  const upgrade = manager.maybeUpgradeToIPMapping.bind(manager)
  manager.maybeUpgradeToIPMapping = (...args) => {
    const { transportManager } = insidesOf(libp2p)
    // It looks at the host of whatever is listened on. Without the upgrade the address counts as one that peers see.
    const all = transportManager.getListeners().flatMap(listener => listener.getAddrs())
    return all.every(isNetworkAddress) && upgrade(...args)
  }
}
