import { BlockList, type IPVersion, isIPv6 } from 'node:net'
import { type NetworkInterfaceInfo, platform } from 'node:os'
import { type Family, GROUPS } from './names.ts'

/** What os.networkInterfaces() says: the interfaces that are up, by name. */
export type NetworkInterfaces = NodeJS.Dict<NetworkInterfaceInfo[]>

/** One family of one network interface: where one socket sends and listens. */
export interface LinkPlace {
  /** Differs when anything about the place differs. */
  readonly key: string
  readonly name: string
  readonly family: Family
  /** True for loopback: only this machine is there. */
  readonly internal: boolean
  /** The group to send to; with its zone for IPv6. */
  readonly group: string
  /** Names the interface to the socket: its address for IPv4, its zone for IPv6. */
  readonly multicastInterface: string
  /** The interface's own addresses, of both families. */
  readonly addresses: readonly string[]
  /** The addresses that are neighbours on this interface. */
  readonly subnets: BlockList
}

/** More interfaces than this are not joined: a container host may have hundreds. */
const MAX_PLACES = 64

/** The places to speak mDNS at, real interfaces before loopback. */
export function placesOf(interfaces: NetworkInterfaces): LinkPlace[] {
  const places = Object.entries(interfaces).flatMap(([name, addresses = []]) => {
    const ipv4 = place(name, 'IPv4', addresses)
    // Loopback rarely has a route for IPv6 multicast, and IPv4 reaches everyone there.
    const ipv6 = ipv4?.internal ? undefined : place(name, 'IPv6', addresses)
    return [ipv4, ipv6].filter(found => found !== undefined)
  })
  return places.sort((a, b) => Number(a.internal) - Number(b.internal)).slice(0, MAX_PLACES)
}

function place(name: string, family: Family, all: NetworkInterfaceInfo[]): LinkPlace | undefined {
  const own = all.filter(address => address.family === family)
  const [first] = own
  if (first === undefined) return undefined
  const zone = platform() === 'win32' ? (first.scopeid ?? 0) : name
  const subnets = new BlockList()
  for (const { address, cidr } of own) {
    subnets.addAddress(address, version(family))
    const bits = Number(cidr?.split('/')[1])
    if (Number.isInteger(bits)) subnets.addSubnet(address, bits, version(family))
  }
  return {
    key: [family, name, ...all.map(({ address, cidr }) => cidr ?? address)].join(' '),
    name,
    family,
    internal: first.internal,
    group: family === 'IPv4' ? GROUPS.IPv4 : `${GROUPS.IPv6}%${zone}`,
    multicastInterface: family === 'IPv4' ? first.address : `::%${zone}`,
    addresses: all.map(({ address }) => address),
    subnets,
  }
}

/** Whether `source` (an address as a datagram gives it) is a neighbour on `place`, or the place itself. */
export function isNeighbour(place: LinkPlace, source: string): boolean {
  const [address = '', zone] = source.split('%')
  if (isIPv6(address) !== (place.family === 'IPv6')) return false
  if (zone !== undefined) return place.group.endsWith(`%${zone}`)
  return place.subnets.check(address, version(place.family))
}

/**
 * Whether a datagram from `source` that the socket of `place` has read can have come in there. A socket gets what
 * arrives for its group on every interface (Linux' IP_MULTICAST_ALL, which Node.js cannot turn off), so the source must
 * tell: it belongs to the place whose neighbour it is, and to every place when it is nobody's.
 */
export function mayArriveAt(place: LinkPlace, source: string, all: readonly LinkPlace[]): boolean {
  return isNeighbour(place, source) || !all.some(other => isNeighbour(other, source))
}

/** Whether `source` is an address of this machine. */
export function isOwn(source: string, all: readonly LinkPlace[]): boolean {
  const [address = ''] = source.split('%')
  return all.some(place => place.addresses.includes(address))
}

function version(family: Family): IPVersion {
  return family === 'IPv4' ? 'ipv4' : 'ipv6'
}
