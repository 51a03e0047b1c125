import type { SafeText } from '../../../core/safe-text.ts'

/** After so long an address is tried again, in ms: as often as libp2p does. */
export const AGAIN_MS = 10 * 60_000
/** So many peers try an address each time: one may be wrong or lie. */
export const WITNESSES = 3

/** A peer to ask something about one of our addresses. */
export interface Ask {
  peerId: SafeText
  address: SafeText
}

/** An {@link Ask} and what came of it. `at` is of the monotonic clock. */
export interface Asked extends Ask {
  at: number
  /** False: it has not tried. */
  tried: boolean
}

/** A peer that can be asked. */
export interface Witness {
  peerId: SafeText
  /** Whether it can dial addresses of IPv6. */
  ip6: boolean
}

/**
 * Whom to ask about which address next: each address of {@link WITNESSES} peers, those with the fewest answers first; no
 * peer twice about the same one, even where it has not tried. Undefined: nobody for now.
 *
 * @param asked what was asked since {@link AGAIN_MS} ago
 */
export function nextAsk(
  addresses: readonly SafeText[],
  peers: readonly Witness[],
  asked: readonly Asked[],
): Ask | undefined {
  const answers = (address: SafeText): number =>
    asked.filter(ask => ask.address === address && ask.tried).length
  const open = addresses
    .filter(address => answers(address) < WITNESSES)
    .sort((a, b) => answers(a) - answers(b))
  for (const address of open) {
    const peer = peers.find(
      ({ peerId, ip6 }) =>
        (ip6 || !address.startsWith('/ip6/')) &&
        !asked.some(ask => ask.peerId === peerId && ask.address === address),
    )
    if (peer !== undefined) return { peerId: peer.peerId, address }
  }
  return undefined
}
