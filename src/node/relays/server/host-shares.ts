import type { Connection, PeerId } from '@libp2p/interface'
import { plural } from '../../../core/format.ts'
import { type SafeText, safeText, say } from '../../../core/safe-text.ts'
import { hostOf, shareOf } from '../../limits/host.ts'
import type { RelayServerOptions } from '../../options.ts'
import type { RelayContext } from '../relay-context.ts'
import type { GrantedReservation } from './server-parts.ts'

/** One host may have this share of all reservations: eight of them can be full at once, and there is room for a ninth. */
const SHARE = 8
/** A relayed connection, and a renewal now and then, is a request. So many are answered for one host in a minute. */
const MOST_REQUESTS = 120
const MINUTE_MS = 60_000

/** How many of `all` reservations one host may have: some, and never all but where there is one only. */
export function reservationShare(all: number): number {
  return Math.max(Math.ceil(all / SHARE), Math.min(2, all - 1), 1)
}

/** How many relayed connections one host may have, to all and to one holder, where each peer may have `circuits`. */
export function circuitShare(circuits: number): { toAll: number; toOne: number } {
  return { toAll: 2 * circuits, toOne: Math.max(Math.ceil(circuits / 2), Math.min(2, circuits)) }
}

/**
 * What one host may take of a relay, whatever Peer IDs it comes with: these cost nothing. Hosts that have no address, e.g.
 * behind a Unix socket, are this machine and may take all.
 */
export class HostShares {
  readonly #context: Pick<RelayContext, 'clock' | 'exceeded'>
  readonly #options: RelayServerOptions
  /** Requests of this minute, by share. */
  readonly #requests = new Map<string, number>()
  #since = 0

  constructor(context: Pick<RelayContext, 'clock' | 'exceeded'>, options: RelayServerOptions) {
    this.#context = context
    this.#options = options
  }

  /** Whether one more request is answered; that it is not is told. */
  allowsRequest(from: Connection): boolean {
    const share = shareOf(from.remoteAddr)
    const now = this.#context.clock.monotonic()
    if (now - this.#since >= MINUTE_MS) {
      this.#requests.clear()
      this.#since = now
    }
    const requests = (this.#requests.get(share) ?? 0) + 1
    this.#requests.set(share, requests)
    if (requests <= MOST_REQUESTS) return true
    this.#tell(
      'relayRequests',
      from,
      say`its host sends this relay more than ${MOST_REQUESTS} requests a minute`,
    )
    return false
  }

  /** Whether a host may have one more reservation; that it may not is told. */
  allowsReservation(from: Connection, granted: Iterable<GrantedReservation>): boolean {
    const most = reservationShare(this.#options.reservations)
    if (countOf(granted, shareOf(from.remoteAddr)) < most) return true
    this.#tell(
      'reservations',
      from,
      say`its host already has ${plural(most, say`reservation`, say`reservations`)}, the most allowed`,
    )
    return false
  }

  /** Tells that a host has as many relayed connections as it may. */
  tellCircuits(from: Connection, to: PeerId): void {
    const { toAll, toOne } = circuitShare(this.#options.circuits)
    const holder = safeText(to.toString())
    this.#tell(
      'circuits',
      from,
      say`its host already has ${toAll} relayed connections, or ${toOne} to ${holder}, the most allowed`,
    )
  }

  #tell(limit: 'relayRequests' | 'reservations' | 'circuits', from: Connection, reason: SafeText): void {
    const host = hostOf(from.remoteAddr)
    this.#context.exceeded({
      limit,
      action: 'refused',
      peerId: safeText(from.remotePeer.toString()),
      ...(host !== undefined && { host: safeText(host) }),
      reason,
    })
  }
}

function countOf(granted: Iterable<GrantedReservation>, share: string): number {
  let count = 0
  for (const { addr } of granted) if (shareOf(addr) === share) count += 1
  return count
}
