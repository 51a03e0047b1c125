import type { SafeText } from './safe-text.ts'

const PEER = /\/p2p\/[^/]+$/

/** What nearly every address begins with. */
const ADDRESS_FAMILY = /^\/ip[46]\//

/** A multiaddr without the Peer ID at its end, for a place that names the peer already. */
export function withoutPeerId(address: SafeText): SafeText {
  return address.replace(PEER, '') as SafeText
}

/** The part of a multiaddr that tells places apart, for a narrow column: `192.168.1.2/tcp/4001`. */
export function placeOf(address: SafeText): SafeText {
  return withoutPeerId(address).replace(ADDRESS_FAMILY, '') as SafeText
}

const NAMED_PORT = /^\/(?:ip4|dns|dns4|dns6)\/([^/]+)\/tcp\/(\d+)$/
const IP6_PORT = /^\/ip6\/([^/]+)\/tcp\/(\d+)$/

/** {@link placeOf} in the fewest columns, plain TCP as people write it elsewhere: `192.168.1.2:4001`, `[::1]:4001`. */
export function endpointOf(address: SafeText): SafeText {
  const whole = withoutPeerId(address)
  const short = whole.replace(NAMED_PORT, '$1:$2').replace(IP6_PORT, '[$1]:$2') as SafeText
  return short === whole ? placeOf(whole) : short
}
