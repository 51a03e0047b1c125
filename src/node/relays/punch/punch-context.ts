import type { Multiaddr } from '@multiformats/multiaddr'
import type { BusContext } from '../../bus/bus-context.ts'
import { insidesOf } from '../../insides.ts'
import type { Excess } from '../../limits/node-limits.ts'
import type { ObservedAddresses } from './observed-addresses.ts'
import { isPublic, MAX_ADDRESSES, withoutPeer } from './public-addresses.ts'

/** As often the specification has both sides try, and so long each try may take, in ms; go-libp2p does the same. */
export const TRIES = 3
export const TRY_MS = 5_000

/** What hole punching works with. */
export interface PunchContext extends BusContext {
  observed: ObservedAddresses
  /** Called for each thing that exceeds a limit. */
  exceeded(excess: Excess): void
  /** Fires when punching stops. */
  stopping: AbortSignal
}

/** The end of one try. */
export function trySignal({ stopping }: PunchContext): AbortSignal {
  return AbortSignal.any([stopping, AbortSignal.timeout(TRY_MS)])
}

/**
 * The public addresses that the other side may dial: those that are confirmed or announced, and those at which peers
 * outside see us. The latter are told here alone, to one peer, for one moment; identify does not carry them.
 */
export function ownAddresses({ libp2p, observed }: PunchContext): Multiaddr[] {
  const confirmed = insidesOf(libp2p).addressManager.getAddresses().filter(isPublic)
  return withoutPeer([...confirmed, ...observed.list()]).slice(0, MAX_ADDRESSES)
}
