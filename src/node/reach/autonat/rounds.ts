import type { SafeText } from '../../../core/safe-text.ts'

/** After so long an address is tried again, in ms: as often as libp2p does. */
export const AGAIN_MS = 10 * 60_000
/** So many peers try an address each time: one may be wrong or lie. */
export const WITNESSES = 3

/** A peer to ask something about one of our addresses. */
export interface Ask {
  peerId: SafeText
  host: string
  address: SafeText
}

/** An {@link Ask}, of whom, and what came of it. `at` is of the monotonic clock. */
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
  /** The host that it is on. Peers are free to make, so that those of one host are one witness. */
  host: string
}

/**
 * Whom to ask about which address next: each address of {@link WITNESSES} peers, those with the fewest answers first; no
 * peer twice about the same one, even where it has not tried, and no host twice where it has. Undefined: nobody for now.
 *
 * @param peers called only where there is something to ask
 * @param asked what was asked since {@link AGAIN_MS} ago
 */
export function nextAsk(
  addresses: readonly SafeText[],
  peers: () => readonly Witness[],
  asked: readonly Asked[],
): Ask | undefined {
  const answers = new Map<SafeText, number>(addresses.map(address => [address, 0]))
  for (const { address, tried } of asked) if (tried) answers.set(address, (answers.get(address) ?? 0) + 1)
  const count = (address: SafeText): number => answers.get(address) ?? 0
  const open = addresses.filter(address => count(address) < WITNESSES).sort((a, b) => count(a) - count(b))
  if (open.length === 0) return undefined
  const known = new Set(
    asked.flatMap(({ peerId, host, address, tried }) => [
      `${peerId} ${address}`,
      ...(tried ? [`${host} ${address}`] : []),
    ]),
  )
  const witnesses = peers()
  for (const address of open) {
    const peer = witnesses.find(
      ({ peerId, host, ip6 }) =>
        (ip6 || !address.startsWith('/ip6/')) &&
        !known.has(`${peerId} ${address}`) &&
        !known.has(`${host} ${address}`),
    )
    if (peer !== undefined) return { peerId: peer.peerId, host: peer.host, address }
  }
  return undefined
}
