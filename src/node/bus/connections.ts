import type { Connection, StreamCloseEvent } from '@libp2p/interface'
import { elapsedMs } from '../../core/clock.ts'
import type { Id, Payload } from '../../core/events.ts'
import { type SafeText, safeAddress, safeText, say } from '../../core/safe-text.ts'
import type { Meter } from '../meter.ts'
import { durationMs } from '../relays/limit-duration.ts'
import type { LogTap } from '../taps/log-tap.ts'
import type { TrafficTap } from '../taps/traffic-tap.ts'
import { type BusContext, idsOf } from './bus-context.ts'
import { closeReason } from './close-reason.ts'
import type { SafeListeners } from './listening.ts'
import { relayedReason } from './relayed-reason.ts'

/** Why connections are about to be closed, and on whose request. */
interface Closing {
  reason: SafeText
  requestId?: Id
}

interface Parts extends BusContext {
  listeners: SafeListeners
  logTap: LogTap
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
  /** Peers that libp2p said it closes connections to, being over its limit. */
  readonly #pruning = new Set<string>()
  /** Set by us, so that a close that looks like any other has its true reason. */
  readonly #reasons = new Map<string, Closing>()

  constructor(parts: Parts) {
    this.#parts = parts
    parts.listeners.on<Connection>('connection:open', connection => this.#opened(connection))
    parts.logTap.on('too many connections open - closing a connection to %p', ([peerId]) => {
      this.#pruning.add(String(peerId))
    })
    parts.listeners.on<Connection[]>('connection:prune', connections => {
      for (const { remotePeer } of connections) this.#pruning.delete(remotePeer.toString())
    })
  }

  /** Says beforehand why connections are about to be closed; of all peers if none is given. */
  closing(reason: SafeText, { peerId, requestId }: { peerId?: string; requestId?: Id } = {}): void {
    const closing = { reason, ...(requestId !== undefined && { requestId }) }
    for (const { connection } of this.#open.values()) {
      if (peerId === undefined || connection.remotePeer.toString() === peerId) {
        this.#reasons.set(connection.id, closing)
      }
    }
  }

  /** The open connection that a stream belongs to: libp2p does not say. */
  carrying(stream: object): Connection | undefined {
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
    const onClose = (event: StreamCloseEvent | Event): void => {
      this.#closed(connection, 'error' in event ? event.error : undefined)
    }
    connection.addEventListener('close', this.#parts.listeners.guard(onClose), { once: true })
    changed(connection, true, this.#others(connection))
    if (connection.status === 'closed' || connection.status === 'aborted') this.#closed(connection, undefined)
  }

  #closed(connection: Connection, error: unknown): void {
    const entry = this.#open.get(connection.id)
    if (entry === undefined) return
    this.#open.delete(connection.id)
    const { emit, clock, meter, changed } = this.#parts
    const ids = idsOf(connection)
    const pruned = error === undefined && this.#pruning.has(connection.remotePeer.toString())
    const own = pruned ? PRUNED : this.#isReplaced(connection, error) ? REPLACED : undefined
    const { reason, ...request } = this.#reasons.get(connection.id) ?? { reason: own }
    this.#reasons.delete(connection.id)
    if (pruned) emit({ type: 'connection:pruned', ...ids, reason: PRUNED })
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
    changed(connection, false, this.#others(connection))
  }

  /** Relayed, and closed in peace by one of both while they have a direct connection. */
  #isReplaced({ direct, remotePeer }: Connection, error: unknown): boolean {
    if (direct || error !== undefined) return false
    return [...this.#open.values()].some(
      ({ connection }) => connection.direct && connection.remotePeer.equals(remotePeer),
    )
  }

  /** By our own list: when a connection tells of its end, libp2p's may still have it. */
  #others({ id, remotePeer }: Connection): number {
    const all = [...this.#open.values()]
    return all.filter(({ connection }) => connection.id !== id && connection.remotePeer.equals(remotePeer))
      .length
  }
}

const REPLACED = say`Not needed any more: there is a direct connection`
const PRUNED = say`Pruned: more connections than the limit allows`

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
