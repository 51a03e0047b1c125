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
import type { FixedLimit } from '../../core/limit-terms.ts'
import { type SafeText, safeText } from '../../core/safe-text.ts'
import { bufferedOf, bufferedOnStream } from './buffered.ts'
import { hostOf, shareOf } from './host.ts'

/** What somebody has at one moment. */
export interface Balance {
  sockets: number
  streams: number
  /** Bytes that wait on this machine: received and not read yet, or written and not sent yet. */
  bufferedBytes: number
  /** What the node told of, a second. */
  events: number
}

/** A connection, whose it is, and what it has. */
export interface Account extends Balance {
  connectionId: SafeText
  peerId: SafeText
  /** Absent: it came through a relay or a Unix socket. */
  host: SafeText | undefined
  share: string
  connection: Connection
}

/** How much there may be. Bytes. */
export interface AccountLimits {
  hostStreams: number
  buffered: number
  allBuffered: number
}

/** A connection that is to be closed, and for what. */
export interface Overdrawn {
  account: Account
  limit: FixedLimit
  used: number
}

/** What all have together, and who has most. */
export interface Sample {
  total: Balance
  hosts: ReadonlyMap<string, Balance>
  peers: ReadonlyMap<string, Balance>
  protocols: ReadonlyMap<string, Balance>
  /** Bytes that wait on the connection that has most. */
  mostBuffered: number
  overdrawn: readonly Overdrawn[]
}

interface Open {
  connection: Connection
  raw: MultiaddrConnection | undefined
  connectionId: SafeText
  peerId: SafeText
  host: SafeText | undefined
  share: string
  /** Since the last sample. */
  events: number
}

/** Keeps the accounts: events are counted as they come, the rest is looked at when {@link Accounts.sample} is called. */
export class Accounts {
  readonly #open = new Map<string, Open>()
  readonly #most: AccountLimits

  constructor(most: AccountLimits) {
    this.#most = most
  }

  /** @param raw what the transport made; undefined: it is not known */
  opened(connection: Connection, raw: MultiaddrConnection | undefined): void {
    const { id, remotePeer, remoteAddr } = connection
    const host = hostOf(remoteAddr)
    const connectionId = safeText(id)
    this.#open.set(connectionId, {
      connection,
      raw,
      connectionId,
      peerId: safeText(remotePeer.toString()),
      host: host === undefined ? undefined : safeText(host),
      share: shareOf(remoteAddr),
      events: 0,
    })
  }

  closed(connectionId: string): void {
    this.#open.delete(connectionId)
  }

  /** One more event that a connection caused. */
  event(connectionId: string): void {
    const open = this.#open.get(connectionId)
    if (open !== undefined) open.events += 1
  }

  /** Whose connection it is. */
  ownerOf(connectionId: string): Pick<Open, 'peerId' | 'host'> | undefined {
    return this.#open.get(connectionId)
  }

  /** The host of a peer: that of its oldest connection. */
  hostOfPeer(peerId: string): SafeText | undefined {
    for (const open of this.#open.values()) if (open.peerId === peerId) return open.host
    return undefined
  }

  /**
   * Adds up what everybody has, and names the connections that have more than they may. The one that has most goes
   * first, until the rest keeps to the limit.
   *
   * @param seconds since the last sample
   */
  sample(seconds: number): Sample {
    const hosts = new Map<string, Balance>()
    const peers = new Map<string, Balance>()
    const protocols = new Map<string, Balance>()
    const total = nothing()
    const accounts: Account[] = []
    for (const open of this.#open.values()) {
      const account = this.#balance(open, protocols, seconds)
      accounts.push(account)
      for (const sum of [total, at(hosts, open.share), at(peers, open.peerId)]) add(sum, account)
    }
    const mostBuffered = accounts.reduce((most, { bufferedBytes }) => Math.max(most, bufferedBytes), 0)
    return {
      total,
      hosts,
      peers,
      protocols,
      mostBuffered,
      overdrawn: this.#overdrawn(accounts, hosts, total),
    }
  }

  #balance({ raw, events, ...open }: Open, protocols: Map<string, Balance>, seconds: number): Account {
    const { streams } = open.connection
    let bufferedBytes = bufferedOf(open.connection, raw)
    for (const stream of streams) {
      const bytes = bufferedOnStream(stream)
      bufferedBytes += bytes
      add(at(protocols, stream.protocol), { sockets: 0, streams: 1, bufferedBytes: bytes, events: 0 })
    }
    const kept = this.#open.get(open.connectionId)
    if (kept !== undefined) kept.events = 0
    return {
      ...open,
      sockets: 1,
      streams: streams.length,
      bufferedBytes,
      events: Math.round(events / seconds),
    }
  }

  #overdrawn(accounts: Account[], hosts: ReadonlyMap<string, Balance>, total: Balance): Overdrawn[] {
    const { hostStreams, buffered, allBuffered } = this.#most
    const over = new Map<Account, Overdrawn>()
    let left = total.bufferedBytes
    for (const account of accounts.toSorted((a, b) => b.bufferedBytes - a.bufferedBytes)) {
      const own = account.bufferedBytes > buffered
      if (!own && left <= allBuffered) break
      left -= account.bufferedBytes
      const limit = own ? 'buffered' : 'allBuffered'
      over.set(account, { account, limit, used: account.bufferedBytes })
    }
    for (const [share, { streams }] of hosts) {
      if (streams <= hostStreams) continue
      let rest = streams
      for (const account of accounts.toSorted((a, b) => b.streams - a.streams)) {
        if (rest <= hostStreams) break
        if (account.share !== share) continue
        rest -= account.streams
        if (!over.has(account)) over.set(account, { account, limit: 'hostStreams', used: streams })
      }
    }
    return [...over.values()]
  }
}

function nothing(): Balance {
  return { sockets: 0, streams: 0, bufferedBytes: 0, events: 0 }
}

function at(sums: Map<string, Balance>, key: string): Balance {
  const known = sums.get(key)
  if (known !== undefined) return known
  const sum = nothing()
  sums.set(key, sum)
  return sum
}

function add(sum: Balance, { sockets, streams, bufferedBytes, events }: Balance): void {
  sum.sockets += sockets
  sum.streams += streams
  sum.bufferedBytes += bufferedBytes
  sum.events += events
}
