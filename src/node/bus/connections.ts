import type { Connection, Stream } from '@libp2p/interface'
import { elapsedMs } from '../../core/clock.ts'
import type { Id, Payload } from '../../core/events.ts'
import { type SafeText, safeAddress, safeText, say } from '../../core/safe-text.ts'
import { whenClosed } from '../closing.ts'
import { durationMs } from '../relays/limit-duration.ts'
import { connectionIdIn, nameOf } from '../taps/log-tap.ts'
import type { TrafficTap } from '../taps/traffic-tap.ts'
import type { Meter } from '../traffic/meter.ts'
import { type BusContext, idsOf } from './bus-context.ts'
import { closeReason } from './close-reason.ts'
import type { SafeListeners } from './listening.ts'
import { relayedReason } from './relayed-reason.ts'

/** Why connections are about to be closed, and on whose request. */
interface Closing {
  reason: SafeText
  requestId?: Id
  /** To make room. */
  pruned?: true
}

interface Parts extends BusContext {
  listeners: SafeListeners
  trafficTap: TrafficTap
  meter: Meter
  /** What a peer says that it runs. */
  agentOf(peerId: string): string | undefined
  /** Called after `connection:opened` and after `connection:closed`; `others`: how many the peer has beside this one. */
  changed(connection: Connection, open: boolean, others: number): void
}

type RelayOf = Pick<Payload<'connection:opened'>, 'relayed' | 'limitBytes' | 'limitMs'>

const UNNAMED = say`unknown`

/** Connections: opened, closed and why, pruned. */
export class Connections {
  readonly #parts: Parts
  readonly #open = new Map<string, { connection: Connection; openedAt: number; relay: RelayOf }>()
  /** How many are open to each peer: when a connection tells of its end, libp2p's own list may still have it. */
  readonly #perPeer = new Map<string, number>()
  /** Set by us, so that a close that looks like any other has its true reason. */
  readonly #reasons = new Map<string, Closing>()

  constructor(parts: Parts) {
    this.#parts = parts
    parts.listeners.on<Connection>('connection:open', connection => this.#opened(connection))
  }

  /** Says beforehand why connections are about to be closed: one, those of a peer, or all if neither is given. */
  closing(
    reason: SafeText,
    { peerId, connectionId, requestId }: { peerId?: string; connectionId?: string; requestId?: Id } = {},
  ): void {
    const closing = { reason, ...(requestId !== undefined && { requestId }) }
    for (const { connection } of this.#open.values()) {
      if (peerId !== undefined && connection.remotePeer.toString() !== peerId) continue
      if (connectionId !== undefined && safeText(connection.id) !== connectionId) continue
      this.#reasons.set(connection.id, closing)
    }
  }

  /** Says beforehand that one connection is about to be closed, to make room for others. */
  pruning({ id }: Connection, reason: SafeText): void {
    this.#reasons.set(id, { reason, pruned: true })
  }

  /** All that are open. */
  *all(): Generator<Connection> {
    for (const { connection } of this.#open.values()) yield connection
  }

  /** An open one by its id. */
  byId(id: string): Connection | undefined {
    return this.#open.get(id)?.connection
  }

  /** The open connection that a stream belongs to: libp2p does not say, but names the stream's logger after it. */
  carrying(stream: Stream): Connection | undefined {
    const named = this.byId(connectionIdIn(nameOf(stream.log)) ?? '')
    return named?.streams.includes(stream) ? named : this.#searchFor(stream)
  }

  #searchFor(stream: Stream): Connection | undefined {
    for (const { connection } of this.#open.values()) {
      if (connection.streams.some(candidate => candidate === stream)) return connection
    }
    return undefined
  }

  #opened(connection: Connection): void {
    const { emit, clock, meter, trafficTap, agentOf, changed } = this.#parts
    const ids = idsOf(connection)
    const relay = relayOf(connection, agentOf)
    this.#open.set(connection.id, { connection, openedAt: clock.monotonic(), relay })
    meter.connectionOpened(ids.connectionId, ids.peerId, trafficTap.wireOf(connection.timeline))
    emit({
      type: 'connection:opened',
      ...ids,
      address: safeAddress(connection.remoteAddr),
      direction: connection.direction,
      transport: transportOf(connection),
      encryption: connection.encryption === undefined ? UNNAMED : safeText(connection.encryption),
      muxer: connection.multiplexer === undefined ? UNNAMED : safeText(connection.multiplexer),
      ...relay,
    })
    changed(connection, true, this.#count(ids.peerId, 1) - 1)
    whenClosed(
      connection,
      this.#parts.listeners.guard(error => this.#closed(connection, error)),
    )
  }

  #closed(connection: Connection, error: unknown): void {
    const entry = this.#open.get(connection.id)
    if (entry === undefined) return
    this.#open.delete(connection.id)
    const { emit, clock, meter, changed } = this.#parts
    const ids = idsOf(connection)
    const own = this.#isReplaced(connection, error) ? REPLACED : undefined
    const { reason = own, pruned, ...request } = this.#reasons.get(connection.id) ?? {}
    this.#reasons.delete(connection.id)
    if (pruned === true && reason !== undefined) emit({ type: 'connection:pruned', ...ids, reason })
    const use = { durationMs: elapsedMs(clock, entry.openedAt), ...meter.connectionClosed(ids.connectionId) }
    emit({
      type: 'connection:closed',
      ...ids,
      ...request,
      reason:
        reason ??
        (error === undefined ? undefined : relayedReason(entry.relay, use)) ??
        closeReason(error, say`The other side closed it`),
      ...use,
    })
    changed(connection, false, this.#count(ids.peerId, -1))
  }

  /** Relayed, and closed in peace by one of both while they have a direct connection. */
  #isReplaced({ direct, remotePeer }: Connection, error: unknown): boolean {
    if (direct || error !== undefined) return false
    return [...this.#open.values()].some(
      ({ connection }) => connection.direct && connection.remotePeer.equals(remotePeer),
    )
  }

  /** @returns how many are open to the peer now */
  #count(peerId: string, change: 1 | -1): number {
    const count = (this.#perPeer.get(peerId) ?? 0) + change
    if (count > 0) this.#perPeer.set(peerId, count)
    else this.#perPeer.delete(peerId)
    return count
  }
}

const REPLACED = say`Not needed any more: there is a direct connection`

/** Protocols of a multiaddr that name a transport, the most telling first. */
const TRANSPORTS = ['p2p-circuit', 'webrtc', 'webtransport', 'quic-v1', 'wss', 'ws', 'tcp', 'unix', 'memory']

function transportOf({ remoteAddr }: Connection): SafeText {
  const names = new Set(remoteAddr.getComponents().map(({ name }) => name))
  // The newer way of writing /wss.
  if (names.has('tls') && names.has('ws')) names.add('wss')
  const transport = TRANSPORTS.find(name => names.has(name))
  return transport === undefined ? UNNAMED : safeText(transport)
}

/** What a relay allows, if the connection goes through one. The limits are getters that a spread would not copy. */
function relayOf({ direct, limits, remoteAddr }: Connection, agentOf: Parts['agentOf']): RelayOf {
  if (direct) return {}
  const { bytes, seconds } = limits ?? {}
  const relay = remoteAddr.getComponents().find(({ name }) => name === 'p2p')?.value ?? ''
  return {
    relayed: true,
    ...(bytes !== undefined && { limitBytes: Number(bytes) }),
    ...(seconds !== undefined && { limitMs: durationMs(seconds, agentOf(relay)) }),
  }
}
