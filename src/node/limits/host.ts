/** Whom a connection counts for. Every limit that says "of one host" means what {@link hostOf} says. */
import { isIPv4, isIPv6 } from 'node:net'
import type { Multiaddr } from '@multiformats/multiaddr'

/**
 * Bits of an IPv6 address that name a host: what one customer is given, who chooses the rest as often as he likes
 * (RFC 6177). A multiple of 8.
 */
const HOST_BITS = 56
const GROUP_BITS = 16
const GROUPS = 8

/**
 * One host: an IPv4 address, or the /56 of an IPv6 address, as text to show and to compare. An IPv4 address written as
 * IPv6 (`::ffff:192.0.2.1`, RFC 4291) is that IPv4 address.
 *
 * @returns undefined for what comes through a relay or a Unix socket, where everybody has the same address, and for names
 */
export function hostOf(address: Multiaddr): string | undefined {
  const components = address.getComponents()
  if (components.some(({ name }) => name === 'p2p-circuit')) return undefined
  // An ip6zone may come first.
  const ip = components.find(({ name }) => name === 'ip4' || name === 'ip6')
  return ip?.value === undefined ? undefined : hostOfIp(ip.value)
}

/** {@link hostOf} of an IP address, e.g. a socket's; undefined for what is none. */
export function hostOfIp(ip: string): string | undefined {
  if (isIPv4(ip)) return ip
  if (!isIPv6(ip)) return undefined
  const groups = groupsOf(ip)
  if (groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff) {
    return groups.slice(6).flatMap(bytesOf).join('.')
  }
  const own = groups.map((group, n) => group & maskOf(n))
  // This machine (::1) is the one host below :: that there is.
  const text = own
    .map(group => group.toString(16))
    .join(':')
    .replace(/(:0)+$/, '::')
  return `${text === '0::' ? '::' : text}/${HOST_BITS}`
}

/**
 * Who shares a part of the limits: a host, or, where there is none, all that come through one relay, all that we reach
 * under one name, and all that come over Unix sockets.
 */
export function shareOf(address: Multiaddr): string {
  const host = hostOf(address)
  if (host !== undefined) return host
  const components = address.getComponents()
  const relayed = components.some(({ name }) => name === 'p2p-circuit')
  const relay = components.find(({ name }) => name === 'p2p')?.value
  if (relayed) return `relay ${relay ?? 'unknown'}`
  const named = components.find(({ name }) => name.startsWith('dns'))?.value
  return named?.toLowerCase() ?? LOCAL_SHARE
}

/** The share of whoever comes over a Unix socket. */
export const LOCAL_SHARE = 'Unix socket'

/** The eight groups of an IPv6 address. */
function groupsOf(ip: string): number[] {
  const [address = ''] = ip.split('%')
  // The last 32 bits may be written as an IPv4 address.
  const plain = address.replace(/\d+\.\d+\.\d+\.\d+$/, ip4 => {
    const [a = 0, b = 0, c = 0, d = 0] = ip4.split('.').map(Number)
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
  })
  const [head = [], tail = []] = plain
    .split('::')
    .map(part => (part === '' ? [] : part.split(':').map(group => Number.parseInt(group, 16))))
  return [...head, ...Array<number>(GROUPS - head.length - tail.length).fill(0), ...tail]
}

function bytesOf(group: number): number[] {
  return [group >> 8, group & 0xff]
}

/** The bits of the nth group that name a host. */
function maskOf(n: number): number {
  const kept = Math.min(Math.max(HOST_BITS - n * GROUP_BITS, 0), GROUP_BITS)
  return 0xffff & ~(0xffff >> kept)
}
