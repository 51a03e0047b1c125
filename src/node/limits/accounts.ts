/**
 * Accounts: what each connection, peer, host and protocol has of this node.
 *
 * For other parts of the node:
 * - whom something counts for: `hostOf(address)` and `shareOf(address)` (`host.ts`): a host is one IPv4 address or one
 *   IPv6 /56, and what has no host has a share too
 * - what exceeds a limit: `NodeLimits.exceeded({ limit, action, connectionId, reason })`. It fills in who that is, tells
 *   once and counts on, and with the action `closed` has the host wait before it may come again (`cool-down.ts`).
 *   Whoever says `closed` has closed the connection.
 */
import type { Connection, MultiaddrConnection } from '@libp2p/interface'
import type { Clock } from '../../core/clock.ts'
import type { NewEvent } from '../../core/events.ts'
import type { FixedLimit } from '../../core/limit-terms.ts'
import { type SafeText, safeText } from '../../core/safe-text.ts'
import type { Account } from '../../core/swarm/connections.ts'
import { bufferedOf, bufferedOnStream } from './buffered.ts'
import { EventRates, type Owner } from './event-rates.ts'
import { hostOf, shareOf } from './host.ts'
import { type Books, type Holding, largestAccounts } from './largest-accounts.ts'

/** What accounts are kept with. */
export interface AccountsOptions {
  clock: Clock
  most: Books['most']
  /** Those that have handshakes under way, and how many. */
  handshakes(): Iterable<[share: string, count: number]>
}

/** A connection that is to be closed, and for what. */
export interface Overdrawn {
  connection: Connection
  connectionId: SafeText
  limit: FixedLimit
}

/** How much of their limits those have who have most, and who has more than that. */
export interface Sample {
  /** Streams that the other side of one connection opened, those included that have not agreed on a protocol. */
  streams: number
  /** Streams of one host. */
  hostStreams: number
  /** Bytes that wait on one connection. */
  buffered: number
  /** Bytes that wait on all connections. */
  allBuffered: number
  overdrawn: readonly Overdrawn[]
}

interface Open extends Owner {
  readonly connection: Connection
  readonly raw: MultiaddrConnection | undefined
  /** Absent: it came through a relay or a Unix socket. */
  readonly host: SafeText | undefined
}

/** What one connection has. */
interface Held {
  readonly open: Open
  readonly streams: number
  readonly bufferedBytes: number
}

/** Keeps the accounts: events are counted as they come; the rest is looked at when somebody wants to know. */
export class Accounts {
  readonly #options: AccountsOptions
  readonly #rates: EventRates
  readonly #open = new Map<string, Open>()
  /** The oldest connection of each peer first. */
  readonly #ofPeer = new Map<string, Set<Open>>()

  constructor(options: AccountsOptions) {
    this.#options = options
    this.#rates = new EventRates(options.clock)
  }

  /** @param raw what the transport made; undefined: it is not known */
  opened(connection: Connection, raw: MultiaddrConnection | undefined): void {
    const { id, remotePeer, remoteAddr } = connection
    const host = hostOf(remoteAddr)
    const open: Open = {
      connection,
      raw,
      connectionId: safeText(id),
      peerId: safeText(remotePeer.toString()),
      host: host === undefined ? undefined : safeText(host),
      share: safeText(shareOf(remoteAddr)),
    }
    this.#open.set(open.connectionId, open)
    const others = this.#ofPeer.get(open.peerId)
    if (others === undefined) this.#ofPeer.set(open.peerId, new Set([open]))
    else others.add(open)
  }

  closed(connectionId: string): void {
    const open = this.#open.get(connectionId)
    if (open === undefined) return
    this.#open.delete(connectionId)
    const others = this.#ofPeer.get(open.peerId)
    others?.delete(open)
    if (others?.size === 0) this.#ofPeer.delete(open.peerId)
  }

  /** One more event. It counts for the connection that it names, or for the oldest one of the peer that it names. */
  heard(event: NewEvent): void {
    const { connectionId, peerId } = event as { connectionId?: SafeText; peerId?: SafeText }
    this.#rates.count(event, this.#open.get(connectionId ?? '') ?? this.#oldestOf(peerId))
  }

  /** Whose connection it is. */
  ownerOf(connectionId: string): Pick<Open, 'peerId' | 'host'> | undefined {
    return this.#open.get(connectionId)
  }

  /** Whether a peer has a connection, but for this one. */
  isConnected(peerId: string, but: string | undefined): boolean {
    const connections = this.#ofPeer.get(peerId)
    return [...(connections ?? [])].some(({ connectionId }) => connectionId !== but)
  }

  /** The host of a peer: that of its oldest connection. */
  hostOfPeer(peerId: string): SafeText | undefined {
    return this.#oldestOf(peerId)?.host
  }

  /** Those that have most now, of each kind. */
  largest(): Account[] {
    const { most, handshakes } = this.#options
    return largestAccounts({
      holdings: [...this.#open.values()].map(holdingOf),
      handshakes: Array.from(handshakes(), ([share, count]) => [safeText(share), count] as const),
      rates: this.#rates,
      most,
    })
  }

  /**
   * Looks at what everybody has, and names the connections that have more than they may. The one that has most goes
   * first, until the rest keeps to the limit.
   */
  sample(): Sample {
    const all = Array.from(this.#open.values(), open => ({
      open,
      streams: open.connection.streams.length,
      bufferedBytes: waitingOn(open),
    }))
    const hosts = new Map<SafeText, number>()
    let inbound = 0
    let buffered = 0
    let allBuffered = 0
    for (const { open, streams, bufferedBytes } of all) {
      inbound = Math.max(inbound, openedByOther(open))
      hosts.set(open.share, (hosts.get(open.share) ?? 0) + streams)
      buffered = Math.max(buffered, bufferedBytes)
      allBuffered += bufferedBytes
    }
    return {
      streams: inbound,
      hostStreams: [...hosts.values()].reduce((most, streams) => Math.max(most, streams), 0),
      buffered,
      allBuffered,
      overdrawn: this.#overdrawn(all, hosts, allBuffered),
    }
  }

  #oldestOf(peerId: string | undefined): Open | undefined {
    const [oldest] = this.#ofPeer.get(peerId ?? '') ?? []
    return oldest
  }

  #overdrawn(all: Held[], hosts: ReadonlyMap<SafeText, number>, total: number): Overdrawn[] {
    const { hostStreams, buffered, allBuffered } = this.#options.most
    const over = new Map<Open, FixedLimit>()
    let left = total
    for (const { open, bufferedBytes } of all.toSorted((a, b) => b.bufferedBytes - a.bufferedBytes)) {
      const own = bufferedBytes > buffered
      if (!own && left <= allBuffered) break
      left -= bufferedBytes
      over.set(open, own ? 'buffered' : 'allBuffered')
    }
    for (const [share, total] of hosts) {
      if (total <= hostStreams) continue
      let rest = total
      for (const { open, streams } of all.toSorted((a, b) => b.streams - a.streams)) {
        if (rest <= hostStreams) break
        if (open.share !== share) continue
        rest -= streams
        if (!over.has(open)) over.set(open, 'hostStreams')
      }
    }
    return Array.from(over, ([{ connection, connectionId }, limit]) => ({ connection, connectionId, limit }))
  }
}

function openedByOther({ connection }: Open): number {
  return connection.streams.reduce((sum, { direction }) => sum + (direction === 'inbound' ? 1 : 0), 0)
}

/** Bytes that wait on a connection and on its streams. */
function waitingOn({ connection, raw }: Open): number {
  const onStreams = connection.streams.reduce((sum, stream) => sum + bufferedOnStream(stream), 0)
  return bufferedOf(connection, raw) + onStreams
}

function holdingOf(open: Open): Holding {
  const { connectionId, peerId, share, connection } = open
  const streams = connection.streams.map(stream => ({
    protocol: safeText(stream.protocol),
    bufferedBytes: bufferedOnStream(stream),
  }))
  return { connectionId, peerId, share, streams, bufferedBytes: waitingOn(open) }
}
