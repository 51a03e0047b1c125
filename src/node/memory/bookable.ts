import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { SafeText } from '../../core/safe-text.ts'

/** What {@link SafeText} puts in place of what it cuts off or cannot show: the address is not the peer's any more. */
const MAIMED = /[\u2026\uFFFD]/

/**
 * The addresses that can go into libp2p's address book, which takes all or none: those that are whole and make sense.
 * Never throws, whatever peers announce.
 */
export function bookable(addresses: readonly SafeText[]): Multiaddr[] {
  return addresses.flatMap(address => {
    if (MAIMED.test(address)) return []
    try {
      const parsed = multiaddr(address)
      // Reading is lazy; the bytes show what is wrong with it.
      return parsed.bytes.length > 0 ? [parsed] : []
    } catch {
      return []
    }
  })
}
