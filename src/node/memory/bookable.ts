import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { isPlainAddress } from '../../core/address.ts'

/** The addresses that can go into libp2p's address book, which takes all or none. Never throws, whatever peers announce. */
export function bookable(addresses: readonly string[]): Multiaddr[] {
  return addresses.flatMap(address => {
    try {
      const parsed = multiaddr(address)
      return isBookable(parsed) ? [parsed] : []
    } catch {
      return []
    }
  })
}

/**
 * Whether an address that somebody named may come in: it makes sense, is safe to copy and to print in a column, and its
 * text says the same as its bytes, in which the name of a host can be anything, slashes included. Never throws.
 */
export function isBookable(address: Multiaddr): boolean {
  try {
    const text = address.toString()
    // Reading is lazy; the bytes show what is wrong with it.
    return address.bytes.length > 0 && isPlainAddress(text) && multiaddr(text).equals(address)
  } catch {
    return false
  }
}
