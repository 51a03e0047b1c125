import { scopeOfIp } from '../scope/scope.ts'

/** Whether an IP address can be reached from everywhere; false for what is no IP address. */
export function isPublicIp(host: string): boolean {
  return scopeOfIp(host) === 'public'
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
