import type { Socket } from 'node:net'
import type { MultiaddrConnection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Cancel, Clock } from '../../core/clock.ts'
import type { AnyLimit, Limits } from '../../core/limit-terms.ts'
import { whenClosed } from '../closing.ts'
import type { Door } from '../transport/door.ts'
import type { CoolDown } from './cool-down.ts'
import type { Descriptors } from './descriptors.ts'
import { hostOf, shareOf } from './host.ts'
import { Shares } from './shares.ts'

/** A handshake may take so long, in ms, from accept to the agreement on a muxer; then its socket is closed. */
export const HANDSHAKE_MS = 10_000

/** What share of the connections others may not have, so that a dial of ours always finds room. */
const KEPT_SHARE = 0.1
/** What share of all handshakes one host may have under way: others get in while it sits idle. */
const HOST_PENDING_SHARE = 0.25

/** How many of `connections` others may have while we have none open ourselves. */
export function inboundShare(connections: number): number {
  return connections - Math.max(1, Math.floor(connections * KEPT_SHARE))
}

/** How many handshakes one host may have under way, of `pending` in all. */
export function hostPending(pending: number): number {
  return Math.max(1, Math.floor(pending * HOST_PENDING_SHARE))
}

/** What the gate decides by, and whom it tells. */
export interface AcceptGateOptions {
  clock: Clock
  most: Pick<Limits, 'connections' | 'perHost' | 'hostRate' | 'pending'>
  descriptors: Descriptors
  coolDown: CoolDown
  /** How many connections of ours are open. */
  outbound(): number
  /** Is told of each that a limit turned away. */
  refused(limit: AnyLimit, from: Multiaddr): void
  /** Is told of each that left, or was closed, before libp2p knew of it. */
  failed(from: Multiaddr, why: 'left' | 'late'): void
  /** Is told of a server that could not accept. */
  acceptFailed(error: NodeJS.ErrnoException): void
}

/** A connection of others, from accept on. */
export interface Place {
  readonly from: Multiaddr
  readonly share: string
  /** Closes what stands behind it, at once. */
  readonly cut: (reason: Error) => void
  /** `accepted`: before libp2p knows of it; `shaking`: in its handshake; `open`: it can be used. */
  stage: 'accepted' | 'shaking' | 'open' | 'gone'
  /** True: we have cut it, and told why. */
  told: boolean
  cancelDeadline: Cancel
}

/**
 * Lets others in while there is room. A connection takes its place when its socket is accepted, over TCP, WebSocket and
 * Unix sockets alike, and keeps it until the socket has closed. QUIC's machine code accepts by itself, and relays bring
 * what they bring: those take theirs when libp2p first hears of them.
 *
 * libp2p looks at open connections alone, lets in more than it wants while many shake hands, and then closes some; and
 * it counts handshakes of all hosts together, so that one idle host keeps all others out.
 */
export class AcceptGate implements Door {
  readonly #options: AcceptGateOptions
  readonly #shares: Shares<Place>
  readonly #bySocket = new WeakMap<Socket, Place>()
  /** By a part of the raw connection that the open connection and the lines of the log have, too. */
  readonly #byPart = new WeakMap<object, Place>()

  constructor(options: AcceptGateOptions) {
    this.#options = options
    this.#shares = new Shares(options.clock)
  }

  /** Connections of others, those included whose handshake is under way. */
  get taken(): number {
    return this.#shares.taken
  }

  /** Handshakes under way, from accept on. */
  get pending(): number {
    return this.#shares.pending
  }

  /** How many hosts are remembered, those included that have nothing now. */
  get known(): number {
    return this.#shares.size
  }

  /** The most that one host has: connections, handshakes included, and handshakes. */
  get mostOfOne(): { taken: number; pending: number } {
    return this.#shares.most
  }

  /** The hosts that have handshakes under way, and how many. */
  handshakes(): Iterable<[share: string, count: number]> {
    return this.#shares.handshakes()
  }

  /** See {@link Door}. */
  admits(socket: Socket, from: Multiaddr): boolean {
    if (this.#turnedAway(from)) return false
    const place = this.#take(from, () => socket.destroy())
    this.#bySocket.set(socket, place)
    const { descriptors } = this.#options
    descriptors.came()
    socket.once('close', () => {
      descriptors.went()
      this.#free(place)
    })
    return true
  }

  /** See {@link Door}. */
  acceptFailed(error: NodeJS.ErrnoException): void {
    this.#options.acceptFailed(error)
  }

  /** libp2p's question (`connectionGater`), before the handshake; true refuses. */
  readonly denyInboundConnection = (raw: MultiaddrConnection): boolean => {
    // The field of raw connections over TCP (`@libp2p/tcp`, which its types keep private) and of our own over WebSocket.
    const { socket } = raw as MultiaddrConnection & { socket?: Socket }
    const place = (socket && this.#bySocket.get(socket)) ?? this.#withoutSocket(raw)
    if (place === undefined) return true
    place.stage = 'shaking'
    this.#byPart.set(raw.timeline, place)
    this.#byPart.set(raw.remoteAddr, place)
    return false
  }

  /** A connection is through its handshake. `timeline`: the one of the connection. */
  opened(timeline: object): void {
    const place = this.#byPart.get(timeline)
    if (place === undefined || place.stage === 'gone') return
    place.stage = 'open'
    place.cancelDeadline()
    this.#shares.settled(place)
  }

  /** Whether we cut a connection in its handshake, and have told why. `from`: the address object of its raw connection. */
  hasTold(from: unknown): boolean {
    return typeof from === 'object' && from !== null && this.#byPart.get(from)?.told === true
  }

  #withoutSocket(raw: MultiaddrConnection): Place | undefined {
    if (this.#turnedAway(raw.remoteAddr)) return undefined
    const place = this.#take(raw.remoteAddr, reason => raw.abort(reason))
    whenClosed(raw, () => this.#free(place))
    return place
  }

  #turnedAway(from: Multiaddr): boolean {
    const share = shareOf(from)
    const limit = this.#reached(from, share)
    if (limit === undefined) return false
    if (limit === 'pending' && this.#makesWay(share)) return false
    this.#options.refused(limit, from)
    return true
  }

  #reached(from: Multiaddr, share: string): AnyLimit | undefined {
    const { most, outbound, coolDown, descriptors } = this.#options
    const host = hostOf(from)
    if (host !== undefined && coolDown.remainingMs(host) > 0) return 'coolDown'
    if (this.#shares.knocked(share) > most.hostRate) return 'hostRate'
    if (descriptors.left <= 0) return 'descriptors'
    const room = Math.min(inboundShare(most.connections), most.connections - outbound())
    if (this.#shares.taken >= room) return 'connections'
    const { taken, pending } = this.#shares.of(share)
    if (taken >= most.perHost) return 'perHost'
    if (this.#shares.pending >= most.pending) return 'pending'
    return pending >= hostPending(most.pending) ? 'hostPending' : undefined
  }

  /** Cuts the oldest handshake of whoever has most of them, for one who has fewer. */
  #makesWay(share: string): boolean {
    const victim = this.#shares.oldestOfMost(this.#shares.of(share).pending + 1)
    if (victim === undefined) return false
    this.#options.refused('hostPending', victim.from)
    this.#cut(victim, 'gave way to another host')
    return true
  }

  #take(from: Multiaddr, cut: Place['cut']): Place {
    const place: Place = {
      from,
      share: shareOf(from),
      cut,
      stage: 'accepted',
      told: false,
      cancelDeadline: this.#options.clock.after(HANDSHAKE_MS, () => {
        this.#options.failed(from, 'late')
        this.#cut(place, 'handshake timed out')
      }),
    }
    this.#shares.take(place)
    return place
  }

  #cut(place: Place, reason: string): void {
    place.told = true
    place.cut(new Error(reason))
    // What was cut takes no place any more, also while its socket says goodbye.
    this.#free(place)
  }

  #free(place: Place): void {
    if (place.stage === 'gone') return
    if (place.stage === 'accepted' && !place.told) this.#options.failed(place.from, 'left')
    place.stage = 'gone'
    place.cancelDeadline()
    this.#shares.free(place)
  }
}
