import type { MultiaddrConnection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Limit, Limits } from '../../core/limit-terms.ts'
import { hostOf } from './host.ts'

/** What share of the connections others may not have, so that a dial of ours always finds room. */
const KEPT_SHARE = 0.1

/** How many of `connections` others may have while we have none open ourselves. */
export function inboundShare(connections: number): number {
  return connections - Math.max(1, Math.floor(connections * KEPT_SHARE))
}

/** What the gate decides by, and whom it tells. */
export interface InboundGateOptions {
  most: Pick<Limits, 'connections' | 'perHost'>
  /** How many connections of ours are open. */
  outbound(): number
  refused(limit: Limit, from: Multiaddr): void
}

/**
 * Lets others in while there is room. A connection takes its place when its handshake begins: libp2p looks at open
 * connections alone, lets in more than it wants while many shake hands, and then closes some, each time with a look at
 * all of them.
 */
export class InboundGate {
  readonly #options: InboundGateOptions
  readonly #perHost = new Map<string, number>()
  #taken = 0

  constructor(options: InboundGateOptions) {
    this.#options = options
  }

  /** Connections of others, those included whose handshake is under way. */
  get taken(): number {
    return this.#taken
  }

  /** Those of the host that has most, handshakes included. */
  get busiest(): number {
    let most = 0
    for (const count of this.#perHost.values()) most = Math.max(most, count)
    return most
  }

  /** libp2p's question (`connectionGater`), before the handshake; true refuses. */
  readonly denyInboundConnection = (connection: MultiaddrConnection): boolean => {
    const { remoteAddr } = connection
    const host = hostOf(remoteAddr)
    const limit = this.#reached(host)
    if (limit !== undefined) {
      this.#options.refused(limit, remoteAddr)
      return true
    }
    this.#take(host)
    connection.addEventListener('close', () => this.#free(host), { once: true })
    return false
  }

  #reached(host: string | undefined): Limit | undefined {
    const { most, outbound } = this.#options
    const room = Math.min(inboundShare(most.connections), most.connections - outbound())
    if (this.#taken >= room) return 'connections'
    return host !== undefined && (this.#perHost.get(host) ?? 0) >= most.perHost ? 'perHost' : undefined
  }

  #take(host: string | undefined): void {
    this.#taken += 1
    if (host !== undefined) this.#perHost.set(host, (this.#perHost.get(host) ?? 0) + 1)
  }

  #free(host: string | undefined): void {
    this.#taken -= 1
    if (host === undefined) return
    const left = (this.#perHost.get(host) ?? 0) - 1
    if (left > 0) this.#perHost.set(host, left)
    else this.#perHost.delete(host)
  }
}
