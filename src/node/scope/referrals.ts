import type { Connection, PeerId, PeerStore } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { hostOf } from '../limits/host.ts'
import type { Excess } from '../limits/node-limits.ts'
import { type Scope, scopesOf } from './scope.ts'
import { mayName, type Vantage, vantageOf } from './vantage.ts'

/** What is asked of the node, and told to it. */
export interface ReferralsParts {
  /** The open connections to a peer. */
  connectionsTo(peer: PeerId): readonly Pick<Connection, 'remoteAddr'>[]
  exceeded(excess: Excess): void
}

const KINDS: Readonly<Record<Scope, SafeText>> = {
  machine: say`on this machine`,
  link: say`on this link`,
  private: say`in private networks`,
  public: say`on the Internet`,
  nowhere: say`of no host`,
}

/**
 * Which addresses a peer may have us dial, its own and those of others: whoever is outside could send us to programs on
 * this machine and hosts in our networks that nobody else can reach. What it may not is left out, and told.
 */
export class Referrals {
  readonly #parts: ReferralsParts

  constructor(parts: ReferralsParts) {
    this.#parts = parts
  }

  /**
   * Those that a connected peer may name, from where its nearest connection comes. That one leads there is proved for the
   * addresses of its connections themselves, e.g. those through a relay, so these it may name anyhow.
   */
  of(peer: PeerId, addresses: readonly Multiaddr[]): Multiaddr[] {
    const from = this.#parts
      .connectionsTo(peer)
      .map(connection => ({ vantage: vantageOf(connection), remoteAddr: connection.remoteAddr }))
      .sort((a, b) => NEAREST.indexOf(a.vantage) - NEAREST.indexOf(b.vantage))
    const vantage = from[0]?.vantage ?? 'outside'
    const proved = new Set(from.map(({ remoteAddr }) => withoutPeer(remoteAddr)))
    const kept: Multiaddr[] = []
    const refused: Multiaddr[] = []
    for (const address of addresses) {
      const may = mayName(vantage, address) || proved.has(withoutPeer(address))
      if (may) kept.push(address)
      else refused.push(address)
    }
    if (refused.length > 0) this.#tell(peer, from[0]?.remoteAddr, refused)
    return kept
  }

  #tell(peer: PeerId, remote: Multiaddr | undefined, refused: readonly Multiaddr[]): void {
    const host = remote && hostOf(remote)
    const kind = refused.flatMap(scopesOf).find(scope => scope !== 'public') ?? 'nowhere'
    this.#parts.exceeded({
      limit: 'referrals',
      action: 'refused',
      peerId: safeText(peer.toString()),
      ...(host !== undefined && { host: safeText(host) }),
      reason: say`it named addresses ${KINDS[kind]}; they are not dialed, as they mean nothing from where it is`,
      ...(refused.length > 1 && { count: refused.length }),
    })
  }
}

const NEAREST: readonly Vantage[] = ['machine', 'network', 'outside']

function withoutPeer(address: Multiaddr): string {
  return address.toString().replace(/\/p2p\/[^/]+$/, '')
}

/**
 * The address book as the parts of libp2p shall see it that write down what a peer says of itself: identify, and the
 * provider records of the DHT.
 */
export function bookOfReferrals(peerStore: PeerStore, referrals: Pick<Referrals, 'of'>): PeerStore {
  const change =
    (name: 'save' | 'patch' | 'merge'): PeerStore['patch'] =>
    (id, { multiaddrs, addresses, ...data }, options) => {
      const allowed = new Set(
        addresses &&
          referrals.of(
            id,
            addresses.map(({ multiaddr }) => multiaddr),
          ),
      )
      return peerStore[name](
        id,
        {
          ...data,
          ...(multiaddrs && { multiaddrs: referrals.of(id, multiaddrs) }),
          ...(addresses && { addresses: addresses.filter(({ multiaddr }) => allowed.has(multiaddr)) }),
        },
        options,
      )
    }
  const changes = { save: change('save'), patch: change('patch'), merge: change('merge') }
  return new Proxy(peerStore, {
    get: (target, name) => {
      if (name === 'save' || name === 'patch' || name === 'merge') return changes[name]
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
