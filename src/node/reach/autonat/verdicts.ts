import type { Libp2p } from '@libp2p/interface'
import type { AddressManager } from '@libp2p/interface-internal'
import { multiaddr } from '@multiformats/multiaddr'
import type { OwnAddress } from '../../../core/swarm.ts'
import { insidesOf } from '../../insides.ts'
import { AGAIN_MS } from './rounds.ts'

/** An address that others made us believe has to be confirmed by so many. */
const CONFIRMATIONS = 2

type Kind = NonNullable<NonNullable<Parameters<AddressManager['confirmObservedAddr']>[1]>['type']>

/** What libp2p calls the ways in which an address was learned. Those that are missing are always announced, or never. */
const KINDS: Readonly<Partial<Record<OwnAddress['how'], Kind>>> = {
  listening: 'transport',
  upnp: 'ip-mapping',
  observed: 'observed',
  guessed: 'observed',
}

/**
 * Has libp2p announce an address that is confirmed, and announce no more what nobody reaches. Our own word or the
 * router's needs one confirmation, anybody else's two.
 */
export function settle(libp2p: Libp2p, { address, how, checks, reachable }: OwnAddress): void {
  const kind = KINDS[how]
  if (kind === undefined) return
  const manager = insidesOf(libp2p).addressManager
  const needed = kind === 'observed' ? CONFIRMATIONS : 1
  if (reachable === false) manager.removeObservedAddr(multiaddr(address))
  else if (checks.filter(check => check.reachable).length >= needed) {
    manager.confirmObservedAddr(multiaddr(address), { type: kind, ttl: 2 * AGAIN_MS })
  }
}
