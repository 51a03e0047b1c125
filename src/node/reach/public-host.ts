import { BlockList, isIP } from 'node:net'

/**
 * What is no address of the Internet: private use, shared by a carrier's NAT, this link, this machine, documentation,
 * benchmarks, multicast (IANA special-purpose registries, RFC 6890). libp2p leaves out the same ones.
 */
const SPECIAL = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  SPECIAL.addSubnet(net, bits)
}

/** 2000::/3 is what there is of global IPv6; within it 2001:db8::/32 is for documentation. */
const GLOBAL_IP6 = new BlockList()
GLOBAL_IP6.addSubnet('2000::', 3, 'ipv6')
SPECIAL.addSubnet('2001:db8::', 32, 'ipv6')

/** Whether an IP address can be reached from everywhere; false for what is no IP address. */
export function isPublicIp(host: string): boolean {
  const version = isIP(host)
  if (version === 4) return !SPECIAL.check(host)
  return version === 6 && GLOBAL_IP6.check(host, 'ipv6') && !SPECIAL.check(host, 'ipv6')
}

/** Host and the rest of a multiaddr that begins with an IP address: `/ip4/192.0.2.1` has `192.0.2.1`. */
export interface IpPlace {
  family: 'ip4' | 'ip6'
  host: string
  /** What stands behind the host, without a Peer ID: `/tcp/4001`. */
  rest: string
}

const IP_PLACE = /^\/(ip[46])\/([^/]+)(\/.*)$/

/** Takes a multiaddr apart; undefined where it does not begin with an IP address, or goes through a relay. */
export function ipPlace(address: string): IpPlace | undefined {
  const [, family, host = '', whole = ''] = IP_PLACE.exec(address) ?? []
  if (family === undefined || whole.includes('/p2p-circuit')) return undefined
  return { family: family as IpPlace['family'], host, rest: whole.replace(/\/p2p\/[^/]+$/, '') }
}

/** {@link ipPlace} of an address that can be reached from everywhere. */
export function publicPlace(address: string): IpPlace | undefined {
  const place = ipPlace(address)
  return place !== undefined && isPublicIp(place.host) ? place : undefined
}
