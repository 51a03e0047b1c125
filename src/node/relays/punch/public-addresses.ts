import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { isBookable } from '../../memory/bookable.ts'
import { scopeOf } from '../../scope/scope.ts'

/** No more addresses than this are told to a peer, or dialed because it named them. */
export const MAX_ADDRESSES = 8

const DIALED = ['ip4', 'ip6', 'dns', 'dns4', 'dns6']

/**
 * Whether an address is one that DCUtR tries: public, and not through a relay. A name counts unless it is one that only a
 * private network can know: whom it means is seen once it is looked up.
 */
export function isPublic(address: Multiaddr): boolean {
  const names = address.getComponents().map(({ name }) => name)
  return !names.includes('p2p-circuit') && DIALED.includes(names[0] ?? '') && scopeOf(address) === 'public'
}

/** Whether it is plain TCP on an IP address: what a hole can be punched for. */
export function isPlainTcp(address: Multiaddr): boolean {
  const [host, transport, ...rest] = address.getComponents().map(({ name }) => name)
  return (host === 'ip4' || host === 'ip6') && transport === 'tcp' && rest.every(name => name === 'p2p')
}

/** The public addresses among bytes that a peer has sent; what cannot be read is left out. */
export function publicAddresses(observed: readonly Uint8Array[]): Multiaddr[] {
  const readable = observed.slice(0, 4 * MAX_ADDRESSES).flatMap(bytes => {
    try {
      const address = multiaddr(bytes)
      return isBookable(address) ? [address] : []
    } catch {
      return []
    }
  })
  return withoutPeer(readable.filter(isPublic)).slice(0, MAX_ADDRESSES)
}

/** The same addresses, each once, without the Peer ID at their end. */
export function withoutPeer(addresses: readonly Multiaddr[]): Multiaddr[] {
  const bare = addresses.map(address => address.toString().replace(/\/p2p\/[^/]+$/, ''))
  return [...new Set(bare)].map(text => multiaddr(text))
}
