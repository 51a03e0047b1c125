/** The fixed points of libp2p's mDNS (https://github.com/libp2p/specs/blob/master/discovery/mdns.md). */
import { randomBytes } from 'node:crypto'

/** The service that every libp2p node on a link offers. */
export const SERVICE = '_p2p._udp.local'
/** Asked for by tools that list the kinds of service on a link (RFC 6763, section 9). */
export const SERVICE_TYPES = '_services._dns-sd._udp.local'

/** The UDP port of mDNS (RFC 6762, section 3). */
export const MDNS_PORT = 5353
/** The version of IP, as Node names it. */
export type Family = 'IPv4' | 'IPv6'
/** The link-local multicast groups of mDNS (RFC 6762, section 3). */
export const GROUPS: { readonly [F in Family]: string } = { IPv4: '224.0.0.251', IPv6: 'ff02::fb' }

/** DNS names are equal whatever their case and with or without the root's dot (RFC 6762, section 16). */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}

/**
 * A new name for one run of a service. The specification asks for 32 to 63 random characters, so that the name tells
 * nothing about the node.
 */
export function randomInstance(): string {
  return randomBytes(16).toString('hex')
}
