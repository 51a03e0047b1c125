import type { Connection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { type Scope, scopeOf, scopesOf } from './scope.ts'

/**
 * Where somebody is who names an address, as we see it: on this machine, in one of our private networks, or outside.
 *
 * The source of a connection that shook hands cannot be made up, so a peer that comes from a private address is in a
 * network that packets of ours reach, behind a router of ours or not.
 */
export type Vantage = 'machine' | 'network' | 'outside'

/** What each of them may send us to. Addresses of a link are heard on that link alone (mDNS). */
const MAY_NAME: Readonly<Record<Vantage, readonly Scope[]>> = {
  machine: ['machine', 'private', 'public'],
  network: ['private', 'public'],
  outside: ['public'],
}

/** Where the other side of a connection is; nobody knows that of one behind a relay. */
export function vantageOf({ remoteAddr }: Pick<Connection, 'remoteAddr'>): Vantage {
  if (remoteAddr.getComponents().some(({ name }) => name === 'p2p-circuit')) return 'outside'
  const scope = scopeOf(remoteAddr)
  if (scope === 'machine') return 'machine'
  return scope === 'private' || scope === 'link' ? 'network' : 'outside'
}

/** Whether somebody there may have us dial an address: nobody is to send us where only we could get. */
export function mayName(vantage: Vantage, address: Multiaddr): boolean {
  return scopesOf(address).every(scope => MAY_NAME[vantage].includes(scope))
}
