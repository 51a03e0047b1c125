import type { Clock } from '../../core/clock.ts'
import type { Id, NewEvent, Source } from '../../core/events.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { circuit, listensAt, OWN_HOST, OWN_PORT, tcp, withPeerId } from './addresses.ts'
import type { FakePeer } from './cast.ts'
import type { Random } from './random.ts'

/** One open stream. Bytes are what it carries from its opening to its end. */
export interface FakeStream {
  readonly streamId: SafeText
  readonly protocol: SafeText
  readonly direction: 'inbound' | 'outbound'
  bytesIn: number
  bytesOut: number
}

/** One open connection with its streams and the bytes it has carried. `openedAt` is in ms since the epoch. */
export interface FakeConnection {
  readonly connectionId: SafeText
  readonly peer: FakePeer
  /** The other end, with its Peer ID. */
  readonly address: SafeText
  readonly openedAt: number
  readonly streams: Map<SafeText, FakeStream>
  bytesIn: number
  bytesOut: number
}

/** What a relay lets through on one connection unless told otherwise: 128 KiB, two minutes. */
export const RELAY_LIMITS = { limitBytes: 131_072, limitMs: 120_000 } as const

/** What there is, and the verbs that change it. Each change is an event; nothing here happens by itself. */
export class FakeNetwork {
  readonly peers: readonly FakePeer[]
  /** Those that only the DHT knows. */
  readonly #remote: readonly FakePeer[]
  readonly connections = new Map<SafeText, FakeConnection>()
  readonly self: SafeText
  readonly emit: (event: NewEvent) => void
  readonly #clock: Clock
  readonly #random: Random
  #connectionCount = 0
  #streamCount = 0

  constructor(options: {
    self: SafeText
    peers: readonly FakePeer[]
    remote?: readonly FakePeer[]
    clock: Clock
    random: Random
    emit: (event: NewEvent) => void
  }) {
    this.self = options.self
    this.peers = options.peers
    this.#remote = options.remote ?? []
    this.emit = options.emit
    this.#clock = options.clock
    this.#random = options.random
  }

  /** ms since the epoch. */
  now(): number {
    return this.#clock.now()
  }

  peer(peerId: string): FakePeer | undefined {
    return this.#find(peer => peer.peerId === peerId)
  }

  /** Who listens there. */
  peerAt(host: string, port: number): FakePeer | undefined {
    return this.#find(peer => peer.host === host && peer.port === port)
  }

  #find(fits: (peer: FakePeer) => boolean): FakePeer | undefined {
    return this.peers.find(fits) ?? this.#remote.find(fits)
  }

  connectionsOf(peer: FakePeer): FakeConnection[] {
    return [...this.connections.values()].filter(connection => connection.peer === peer)
  }

  heard(peer: FakePeer, source: Source, again = false): void {
    this.emit({
      type: again ? 'peer:refreshed' : 'peer:discovered',
      peerId: peer.peerId,
      addresses: [listensAt(peer)],
      source,
    })
  }

  expired(peer: FakePeer, reason: 'ttl' | 'goodbye'): void {
    this.emit({
      type: 'peer:expired',
      peerId: peer.peerId,
      addresses: [listensAt(peer)],
      source: 'mdns',
      reason,
    })
  }

  open(peer: FakePeer, direction: 'inbound' | 'outbound', requestId?: Id): FakeConnection {
    const at = direction === 'inbound' ? tcp(peer.host, this.#random.whole(32_768, 61_000)) : listensAt(peer)
    return this.#open(peer, direction, at, { ...(requestId === undefined ? {} : { requestId }) })
  }

  /** A peer that comes through a relay, within the limits of that. */
  openRelayed(peer: FakePeer, relay: FakePeer): FakeConnection {
    return this.#open(peer, 'inbound', circuit(relay), { relayed: true, ...RELAY_LIMITS })
  }

  #open(
    peer: FakePeer,
    direction: 'inbound' | 'outbound',
    at: SafeText,
    more: Partial<Pick<NewEvent<'connection:opened'>, 'requestId' | 'relayed' | 'limitBytes' | 'limitMs'>>,
  ): FakeConnection {
    this.#connectionCount += 1
    const connection: FakeConnection = {
      connectionId: safeText(`c${this.#connectionCount}`),
      peer,
      address: withPeerId(at, peer.peerId),
      openedAt: this.#clock.now(),
      streams: new Map(),
      bytesIn: 0,
      bytesOut: 0,
    }
    this.connections.set(connection.connectionId, connection)
    this.emit({
      type: 'connection:opened',
      ...more,
      peerId: peer.peerId,
      connectionId: connection.connectionId,
      address: connection.address,
      direction,
      transport: say`tcp`,
      encryption: say`/noise`,
      muxer: say`/yamux/1.0.0`,
    })
    return connection
  }

  identified({ peer, connectionId }: FakeConnection): void {
    this.emit({
      type: 'peer:identified',
      peerId: peer.peerId,
      connectionId,
      agentVersion: peer.agentVersion,
      protocolVersion: say`ipfs/0.1.0`,
      protocols: [...peer.protocols],
      addresses: [listensAt(peer)],
      observedAddress: tcp(OWN_HOST, OWN_PORT),
    })
  }

  close(connection: FakeConnection, reason: SafeText, requestId?: Id): void {
    if (!this.connections.delete(connection.connectionId)) return
    const { connectionId, peer, bytesIn, bytesOut, openedAt } = connection
    for (const stream of [...connection.streams.values()]) this.closeStream(connection, stream, say`closed`)
    this.emit({
      type: 'connection:closed',
      ...(requestId === undefined ? {} : { requestId }),
      peerId: peer.peerId,
      connectionId,
      reason,
      durationMs: this.#clock.now() - openedAt,
      bytesIn,
      bytesOut,
    })
  }

  openStream(
    connection: FakeConnection,
    protocol: SafeText,
    direction: 'inbound' | 'outbound' = 'outbound',
  ): FakeStream {
    this.#streamCount += 1
    const stream: FakeStream = {
      streamId: safeText(`s${this.#streamCount}`),
      protocol,
      direction,
      bytesIn: this.#random.whole(64, 4096),
      bytesOut: this.#random.whole(64, 4096),
    }
    connection.streams.set(stream.streamId, stream)
    connection.bytesIn += stream.bytesIn
    connection.bytesOut += stream.bytesOut
    this.emit({
      type: 'stream:opened',
      peerId: connection.peer.peerId,
      connectionId: connection.connectionId,
      streamId: stream.streamId,
      protocol,
      direction,
    })
    return stream
  }

  closeStream(connection: FakeConnection, stream: FakeStream, reason = say`closed`): void {
    if (!connection.streams.delete(stream.streamId)) return
    this.emit({
      type: 'stream:closed',
      peerId: connection.peer.peerId,
      connectionId: connection.connectionId,
      ...stream,
      reason,
    })
  }
}
