import type { Multiaddr } from '@multiformats/multiaddr'

/** Bytes of an IPv6 address that name the network: the rest a host chooses itself, as often as it likes (RFC 4291). */
const IP6_NETWORK_BYTES = 8
/** Bytes of a multiaddr before its first value. */
const CODE_BYTES = 1
/** Link-local addresses are all of one network, whoever has them (RFC 4291, section 2.5.6). */
const LINK_LOCAL = /^fe[89ab]/i

/**
 * What stands for one host among connections: its IPv4 address, or the /64 network of its IPv6 address. None for what
 * comes through a relay or a Unix socket, where everybody has the same address.
 */
export function hostOf(address: Multiaddr): string | undefined {
  const components = address.getComponents()
  if (components.some(({ name }) => name === 'p2p-circuit')) return undefined
  // An ip6zone may come first.
  const ip = components.find(({ name }) => name === 'ip4' || name === 'ip6')
  if (ip?.value === undefined || ip.name === 'ip4' || LINK_LOCAL.test(ip.value)) return ip?.value
  if (ip !== components[0]) return ip.value
  return Buffer.from(address.bytes.subarray(CODE_BYTES, CODE_BYTES + IP6_NETWORK_BYTES)).toString('hex')
}
