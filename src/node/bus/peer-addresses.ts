import { isPlainAddress, isRelayed } from '../../core/address.ts'
import { type SafeText, safeAddress } from '../../core/safe-text.ts'

/** At most so many addresses of one peer are told: what it claims is its own choice. */
const MAX_ADDRESSES = 32

/**
 * A peer's addresses as they stand in events: each once, with the Peer ID at its end, so that it can be dialed as it is.
 * Those through relays come last: whoever takes the first one gets a direct address if there is any. What is no address
 * that one may copy is left out.
 */
export function peerAddresses(peerId: string, addresses: readonly { toString(): string }[]): SafeText[] {
  const suffix = `/p2p/${peerId}`
  const whole = addresses.map(address => {
    const text = address.toString()
    return text.endsWith(suffix) ? text : `${text}${suffix}`
  })
  // libp2p has an address that was both dialed and announced twice.
  const once = [...new Set(whole)]
    .filter(isPlainAddress)
    .sort((a, b) => Number(isRelayed(a)) - Number(isRelayed(b)))
  return once.slice(0, MAX_ADDRESSES).map(safeAddress)
}
