import { BlockList, isIP } from 'node:net'
import type { Component, Multiaddr } from '@multiformats/multiaddr'

/**
 * From where an address means the same host.
 *
 * `machine`: this machine alone; `link`: the network segment; `private`: a private network; `public`: everywhere;
 * `nowhere`: no host at all, or none that anybody should be sent to (wildcards, multicast, documentation, reserved).
 */
export type Scope = 'machine' | 'link' | 'private' | 'public' | 'nowhere'

type Narrow = Exclude<Scope, 'public'>

/** IPv4, from the IANA special-purpose address registry (RFC 6890); whatever is not here is public. */
const IP4: readonly (readonly [net: string, bits: number, scope: Narrow])[] = [
  // Linux takes 0.0.0.0 for loopback.
  ['0.0.0.0', 8, 'nowhere'],
  ['10.0.0.0', 8, 'private'],
  // Between a carrier's NAT and its customers (RFC 6598).
  ['100.64.0.0', 10, 'private'],
  ['127.0.0.0', 8, 'machine'],
  ['169.254.0.0', 16, 'link'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'nowhere'],
  ['192.0.2.0', 24, 'nowhere'],
  ['192.88.99.0', 24, 'nowhere'],
  ['192.168.0.0', 16, 'private'],
  // Benchmarks; proxies hand these addresses out inside one network.
  ['198.18.0.0', 15, 'private'],
  ['198.51.100.0', 24, 'nowhere'],
  ['203.0.113.0', 24, 'nowhere'],
  ['224.0.0.0', 3, 'nowhere'],
]

/** IPv6: what is special within 2000::/3, which is all that there is of global unicast, and beside it. */
const IP6: readonly (readonly [net: string, bits: number, scope: Scope])[] = [
  ['::1', 128, 'machine'],
  // Translation within one network (RFC 8215).
  ['64:ff9b:1::', 48, 'private'],
  // Teredo, ORCHID, benchmarks.
  ['2001::', 23, 'nowhere'],
  ['2001:db8::', 32, 'nowhere'],
  ['3fff::', 20, 'nowhere'],
  ['fc00::', 7, 'private'],
  // Site-local, which some networks use still.
  ['fec0::', 10, 'private'],
  ['fe80::', 10, 'link'],
]

/** IPv6 addresses that stand for the IPv4 address within: NAT64 (RFC 6052) and 6to4 (RFC 3056). */
const EMBEDDED: readonly ((net: string, bits: number) => readonly [net: string, bits: number])[] = [
  (net, bits) => [`64:ff9b::${net}`, 96 + bits],
  (net, bits) => [`2002:${hex(net)}::`, 16 + bits],
]

/** A list for each scope, the narrow ones first. A rule for IPv4 holds for IPv4 within IPv6 (`::ffff:...`), too. */
const LISTS: readonly (readonly [Scope, BlockList])[] = (
  ['machine', 'link', 'private', 'nowhere'] as const
).map(scope => [scope, listOf(scope)])

const GLOBAL = new BlockList()
for (const [net, bits] of [
  ['2000::', 3],
  ['64:ff9b::', 96],
  ['::ffff:0:0', 96],
] as const) {
  GLOBAL.addSubnet(net, bits, 'ipv6')
}

function listOf(scope: Narrow): BlockList {
  const list = new BlockList()
  for (const [net, bits, its] of IP4) {
    if (its !== scope) continue
    list.addSubnet(net, bits)
    for (const within of EMBEDDED) list.addSubnet(...within(net, bits), 'ipv6')
  }
  for (const [net, bits, its] of IP6) if (its === scope) list.addSubnet(net, bits, 'ipv6')
  return list
}

function hex(ip4: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = ip4.split('.').map(Number)
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
}

/** The scope of an IP address, with or without a zone; `nowhere` for what is none. */
export function scopeOfIp(host: string): Scope {
  const [address = ''] = host.split('%')
  const version = isIP(address)
  if (version === 0) return 'nowhere'
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const special = LISTS.find(([, list]) => list.check(address, family))
  if (special !== undefined) return special[0]
  return version === 4 || GLOBAL.check(address, family) ? 'public' : 'nowhere'
}

/** Names that only this machine, and only one network, can know: public name servers have none of them (RFC 6761, 6762, 8375). */
const OF_THIS_MACHINE = /(^|\.)localhost\.?$/i
const OF_ONE_NETWORK = /^[^.]+\.?$|\.(local|localdomain|internal|home|home\.arpa|lan|corp)\.?$/i

/**
 * The scope of a host name: the widest that what it resolves to may have. Names are read as a URL's host is, since some
 * are IP addresses to whoever looks them up: `127.1`, `0x7f000001`, and the same in other digits.
 */
export function scopeOfName(name: string): Scope {
  const host = URL.parse(`http://${name}`)?.hostname
  if (host === undefined || host === '') return 'nowhere'
  const address = host.replace(/^\[|\]$/g, '')
  if (isIP(address) !== 0) return scopeOfIp(address)
  if (OF_THIS_MACHINE.test(host)) return 'machine'
  return OF_ONE_NETWORK.test(host) ? 'private' : 'public'
}

/** The scopes of all hosts that an address names, relays on the way included. None: it names no host. */
export function scopesOf(address: Multiaddr): Scope[] {
  return address.getComponents().flatMap(component => scopeOfComponent(component) ?? [])
}

/** The scope of where an address leads first: its host, or the relay on the way. `nowhere`: it names no host. */
export function scopeOf(address: Multiaddr): Scope {
  return scopesOf(address)[0] ?? 'nowhere'
}

function scopeOfComponent({ name, value = '' }: Component): Scope | undefined {
  switch (name) {
    case 'ip4':
    case 'ip6':
      return scopeOfIp(value)
    case 'dns':
    case 'dns4':
    case 'dns6':
    case 'dnsaddr':
    // A WebSocket with TLS is opened to that name, whatever address stands before it.
    case 'sni':
      return isIP(value) === 0 ? scopeOfName(value) : scopeOfIp(value)
    case 'unix':
      return 'machine'
    default:
      return undefined
  }
}
