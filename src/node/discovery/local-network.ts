import type { Libp2p } from '@libp2p/interface'
import type { Clock } from '../../core/clock.ts'
import type { NewEvent } from '../../core/events.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { NodeLimits } from '../limits/node-limits.ts'
import { type MdnsExcess, MdnsService } from '../mdns/service.ts'
import { transportsOf } from '../transports.ts'
import { Discovery } from './discovery.ts'

/** What a neighbour does, in words. */
const TOO_MUCH: { readonly [E in MdnsExcess]: SafeText } = {
  mdnsBytes: say`It sends more over mDNS than is read`,
  mdnsPeers: say`It announces more peers than are taken in: it may be making them up`,
}

/** What mDNS for a node works with; a peer not heard for `ttlMs` has expired. */
export interface LocalNetworkOptions {
  libp2p: Libp2p
  clock: Clock
  emit: (event: NewEvent) => void
  /** Is told of neighbours that say too much. */
  limits: Pick<NodeLimits, 'exceeded'>
  ttlMs: number
}

/** mDNS for a node: announces where it listens, and tells whom it hears and when they are gone. */
export class LocalNetwork {
  readonly #discovery: Discovery
  readonly #mdns: MdnsService
  readonly #stopFollowing: () => void

  constructor({ libp2p, clock, emit, limits, ttlMs }: LocalNetworkOptions) {
    const self = libp2p.peerId.toString()
    this.#discovery = new Discovery({ clock, emit, self, ttlMs })
    this.#mdns = new MdnsService(
      { peerId: self, addresses: () => addressesOf(libp2p), clock },
      {
        heard: ({ peerId, addresses }) =>
          this.#discovery.heard(
            peerId,
            addresses.map(address => `${address}/p2p/${peerId}`),
          ),
        left: peerId => this.#discovery.left(peerId),
        crowdedOut: peerId => this.#discovery.crowdedOut(peerId),
        exceeded: (sender, limit) =>
          limits.exceeded({ limit, action: 'dropped', host: safeText(sender), reason: TOO_MUCH[limit] }),
        problem: ({ cause, hint }) => emit({ type: 'warning:raised', topic: 'mdns', cause, hint }),
        recovered: () => emit({ type: 'warning:cleared', topic: 'mdns' }),
      },
    )
    const announce = (): void => this.#mdns.announce()
    libp2p.addEventListener('self:peer:update', announce)
    this.#stopFollowing = () => libp2p.removeEventListener('self:peer:update', announce)
  }

  /** Begins to listen and to announce. Call it when the node listens. */
  async start(): Promise<void> {
    await this.#mdns.start()
  }

  /** Says goodbye, so that peers know at once, and ends. */
  async stop(): Promise<void> {
    this.#stopFollowing()
    this.#discovery.stop()
    await this.#mdns.stop()
  }
}

/** libp2p leaves public addresses out until somebody has confirmed them; on this network they are as good as any. */
function addressesOf(libp2p: Libp2p): string[] {
  const suffix = `/p2p/${libp2p.peerId.toString()}`
  const own = (transportsOf(libp2p)?.getAddrs() ?? libp2p.getMultiaddrs()).map(address => address.toString())
  return own.map(address => (address.endsWith(suffix) ? address : `${address}${suffix}`))
}
