/** Which multiaddrs are worth saying on a link, and which are worth believing. */
import { BlockList, isIP } from 'node:net'
import { type Component, type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { LinkPlace } from './interfaces.ts'

/** `dnsaddr=` before each address, and a TXT string has 255 bytes (RFC 6763, section 6.1). */
export const DNSADDR = 'dnsaddr='
const MAX_TXT_STRING = 255

/**
 * Not for neighbours: relays, and what only browsers dial. Other implementations leave them out too, and some drop a
 * whole answer that holds one.
 */
const EXCLUDED = new Set(['p2p-circuit', 'ws', 'wss', 'http', 'webtransport', 'webrtc', 'webrtc-direct'])

interface Candidate {
  text: string
  host: string
  tcp: boolean
  port: number
}

/** What to announce on one link. */
export interface Announceable {
  /** Multiaddrs ending in /p2p/, the most useful first. */
  addresses: string[]
  /** The first TCP port among them, or the first UDP port. */
  port: number
}

/**
 * Chooses from a node's own multiaddrs those to announce at `place`; undefined when there are none.
 *
 * Loopback addresses are for this machine, so they are said on loopback only, first. Elsewhere an address that belongs
 * to another interface is left out, since neighbours here cannot reach it, unless nothing else remains.
 */
export function announceableAt(
  place: LinkPlace,
  own: readonly string[],
  places: readonly LinkPlace[],
): Announceable | undefined {
  const all = own.map(candidate).filter(found => found !== undefined)
  const outward = all.filter(({ host }) => !isLoopback(host))
  const here = outward.filter(({ host }) => place.addresses.includes(host))
  const ofOthers = new Set(places.flatMap(({ addresses }) => addresses))
  const anywhere = outward.filter(({ host }) => !ofOthers.has(host))
  const onLink = here.length + anywhere.length > 0 ? [...here, ...anywhere] : outward
  const chosen = place.internal ? [...all.filter(({ host }) => isLoopback(host)), ...outward] : onLink
  const byUse = [...new Set(chosen)].sort((a, b) => Number(b.tcp) - Number(a.tcp))
  const [first] = byUse
  return first && { addresses: byUse.map(({ text }) => text), port: first.port }
}

function candidate(text: string): Candidate | undefined {
  const parts = components(text)
  const [host, transport] = parts
  if (parts.at(-1)?.name !== 'p2p' || parts.some(({ name }) => EXCLUDED.has(name))) return undefined
  if (Buffer.byteLength(DNSADDR + text) > MAX_TXT_STRING) return undefined
  if (host?.value === undefined || transport?.value === undefined) return undefined
  if (!isLocalHost(host) || isNowhere(host.value)) return undefined
  const port = Number(transport.value)
  if ((transport.name !== 'tcp' && transport.name !== 'udp') || !(port > 0)) return undefined
  return { text, host: host.value, tcp: transport.name === 'tcp', port }
}

function components(text: string): Component[] {
  try {
    return multiaddr(text).getComponents()
  } catch {
    return []
  }
}

/** Whether neighbours are named by an address, or by a name that only this link knows. */
function isLocalHost({ name, value }: Component): boolean {
  return name === 'ip4' || name === 'ip6' || (name.startsWith('dns') && value?.endsWith('.local') === true)
}

/** Nobody can dial a wildcard, nor a link-local IPv6 address without its zone. */
function isNowhere(host: string): boolean {
  return host === '0.0.0.0' || host === '::' || /^fe[89ab]/i.test(host)
}

const SELF = new BlockList()
SELF.addSubnet('127.0.0.0', 8)
SELF.addSubnet('0.0.0.0', 8)
SELF.addAddress('::1', 'ipv6')
SELF.addAddress('::', 'ipv6')

/** Whether an address means the machine that dials it, be it written as IPv4, as IPv6 or as one in the other. */
function isLoopback(host: string): boolean {
  const version = isIP(host)
  return version !== 0 && SELF.check(host, version === 4 ? 'ipv4' : 'ipv6')
}

/**
 * Whether a heard address can be meant for us. A loopback address or a Unix socket that another machine announces would
 * lead to a program of our own, and a public name would have us ask public servers for it.
 */
export function isForUs(address: Multiaddr, fromThisMachine: boolean): boolean {
  const [host] = address.getComponents()
  if (host?.value === undefined || !isLocalHost(host)) return false
  return fromThisMachine || !isLoopback(host.value)
}
