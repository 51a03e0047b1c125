/** The private parts of libp2p's relay server that are relied on, in one place. */
import type { Connection, PeerId, Stream } from '@libp2p/interface'
import type { PeerMap } from '@libp2p/peer-collections'
import type { Multiaddr } from '@multiformats/multiaddr'

/** What one connection through the relay may carry, as the protocol has it: seconds, and bytes each way. */
export interface WireLimit {
  duration?: number
  data?: bigint
}

/** What a relay answers on the stream of a request: the HopMessage of type STATUS. */
export interface HopAnswer {
  status?: string
  /** In answer to RESERVE; `expire` is in seconds since the epoch. */
  reservation?: { expire: bigint }
  limit?: WireLimit
}

interface Messages {
  write(answer: HopAnswer, ...rest: unknown[]): Promise<void>
  unwrap(): ProtobufStream
}

/** A stream on which protobuf messages are written. */
export interface ProtobufStream {
  pb(codec: unknown): Messages
  unwrap(): Stream
}

/** A request to the relay (HopMessage), and on which stream and connection it came. */
export interface HopRequest {
  connection: Connection
  stream: ProtobufStream
  request: { type?: string; peer?: { id: Uint8Array } }
}

/** What the relay asks the holder of a reservation (StopMessage): will you take this connection? */
export interface StopRequest {
  connection: Connection
  request: { limit?: WireLimit }
}

/** A reservation as the server keeps it. */
export interface GrantedReservation {
  /** Where its holder came from when it was made. */
  addr: Multiaddr
  /** Ends the reservation when it fires. */
  signal: AbortSignal & { clear(): void }
}

/** The reservations that the server has granted. */
export interface HopReservations {
  reservations: PeerMap<GrantedReservation>
  removeReservation(peer: PeerId): void
  /** Grants one, or renews it. */
  reserve(peer: PeerId, from: Multiaddr): { status: string; expire?: number }
  get(peer: PeerId): GrantedReservation | undefined
}

/** libp2p's relay server. */
export interface HopServer {
  reservationStore: HopReservations
  handleHopProtocol(hop: HopRequest, ...rest: unknown[]): Promise<void>
  /** Resolves with the stream to the holder; undefined when it did not take the connection. */
  stopHop(stop: StopRequest, ...rest: unknown[]): Promise<Stream | undefined>
}
