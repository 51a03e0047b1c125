import { ADDRESS_LENGTH, isShownWhole, type SafeText } from './safe-text.ts'

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

/** Whether an address leads through a relay. */
export function isRelayed(address: string): boolean {
  return address.includes('/p2p-circuit')
}

/** Components whose value is a host name. */
const HOST_NAMED = /\/(dns|dns4|dns6|dnsaddr|sni)\/([^/]*)/g
/** A label of a host name (RFC 1123, section 2.1), or with underscores as in `_dnsaddr`. */
const LABEL = /^[a-z\d_](?:[\w-]{0,61}[a-z\d_])?$/i
/** The longest host name (RFC 1035, section 2.3.4), without the root's dot. */
const LONGEST_NAME = 253
const ZONED = /\/ip6zone\/([^/]*)/g
/** Names of network interfaces: eth0, br-7f3a, eth0.100, veth1@if2. Linux has 15 characters, Windows numbers. */
const ZONE = /^[\w.:@-]{1,32}$/

/** Whether a text is a host name as DNS and TLS know it: ASCII, names of other scripts in their `xn--` form. */
export function isHostName(text: string): boolean {
  const name = text.endsWith('.') ? text.slice(0, -1) : text
  return name.length <= LONGEST_NAME && name.split('.').every(label => LABEL.test(label))
}

/**
 * Why a multiaddr that is otherwise well-formed is refused: a part of it that may be any text is not what it should be.
 * Such a part would get into shells and columns, where people and scripts take an address for a single harmless word.
 *
 * @returns the part at fault, or undefined for a good address
 */
export function oddPartOf(address: string): string | undefined {
  for (const [, , name = ''] of address.matchAll(HOST_NAMED)) if (!isHostName(name)) return name
  for (const [, zone = ''] of address.matchAll(ZONED)) if (!ZONE.test(zone)) return zone
  return isShownWhole(address) ? undefined : address
}

/** Whether an address that somebody names may come in: {@link oddPartOf} finds nothing, and it can be shown whole. */
export function isPlainAddress(address: string): boolean {
  return address.length <= ADDRESS_LENGTH && oddPartOf(address) === undefined
}
