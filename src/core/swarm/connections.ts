/** What connects us: connections, their streams, dials, and how much of it may be. */
import type { Payload, Traffic } from '../events.ts'
import type { Stage } from '../failure.ts'
import type { AccountKind, AnyLimit, Limits } from '../limit-terms.ts'
import type { SafeText } from '../safe-text.ts'

/** One open stream on a connection, with its own bytes. `openedAt` is in ms since the epoch. */
export interface Stream extends Traffic {
  streamId: SafeText
  protocol: SafeText
  direction: 'inbound' | 'outbound'
  openedAt: number
}

/** One open connection, what it is made of, and its streams. `openedAt` is in ms since the epoch. */
export interface Connection extends Traffic {
  connectionId: SafeText
  peerId: SafeText
  address: SafeText
  direction: 'inbound' | 'outbound'
  transport: SafeText
  encryption: SafeText
  muxer: SafeText
  /** True: through a relay, within the limits. */
  relayed?: boolean
  limitBytes?: number
  limitMs?: number
  openedAt: number
  streams: readonly Stream[]
}

/** A dial under way. */
export interface Dial {
  requestId: SafeText
  target: SafeText
  peerId?: SafeText
  startedAt: number
  stages: readonly { stage: Stage; elapsedMs: number }[]
}

/** Limits, how much of them is used, and who exceeds them. */
export interface LimitsInfo {
  most: Limits
  /** How many of the connections others may open; the rest is kept for our own dials. */
  inbound: number
  /** Limits without an option that are numbers. What is absent was not told. */
  fixed?: { readonly [L in FixedFigure]?: number }
  /**
   * Now: connections that others opened and those of the host that has most, handshakes of others under way, dials under
   * way or waiting, and streams that the other side of the connection with most of them opened.
   */
  used: { inbound: number; perHost: number; pending: number; dials: number; streams?: number } & {
    readonly [L in FixedFigure]?: number
  }
  /** What each limit has refused since the start. */
  refused: { readonly [L in AnyLimit]?: number }
  /** Who exceeds limits now, whoever does most first; absent: nobody. */
  offenders?: readonly Offender[]
}

/** Limits without an option of which it is told how much is used. */
export type FixedFigure = 'hostStreams' | 'buffered' | 'allBuffered' | 'descriptors' | 'hostPending'

/** One who exceeds a limit. */
export type Offender = Payload<'limits:offenders'>['offenders'][number]

/** What somebody has of this node at one moment. */
export interface Balance {
  /** Open connections, and for a host its handshakes; for a protocol the connections that have a stream of it. */
  sockets: number
  streams: number
  /** Bytes that wait on this machine: received and not read yet, or written and not sent yet. */
  bufferedBytes: number
  eventsPerSecond: number
}

/** Whose a {@link Balance} is: named by the field of its kind; for a peer and a connection there is also where it comes from. */
export interface Account extends Balance {
  kind: AccountKind
  /** An IPv4 address, the /56 of an IPv6 one, a relay (`relay 12D3KooW...`), or `Unix socket`. */
  host?: SafeText
  peerId?: SafeText
  connectionId?: SafeText
  protocol?: SafeText
}
