import type { NodeEvent } from './events.ts'
import type { LostKind } from './lost-events.ts'
import type { Params, PortEnd, RequestKind, RequestOptions, Result } from './requests.ts'
import type { SwarmSnapshot } from './swarm.ts'

/**
 * The only way between a node and whatever shows it. Over libp2p, over a worker thread, a fake: each keeps what
 * test/contract/port-contract.ts demands.
 */
export interface NodePort {
  /**
   * Asks the node for something. Always settles: by its result, by a failure, by the signal or by the deadline.
   *
   * @throws {RequestFailed} and nothing else
   */
  request<K extends RequestKind>(kind: K, params: Params<K>, options?: RequestOptions): Promise<Result<K>>

  /** A reader of what happens from now on. Its first batch holds a snapshot of the present. */
  subscribe(options?: SubscribeOptions): Subscription

  /** Settles when the node is gone, whatever ended it; never rejects. */
  readonly ended: Promise<PortEnd>

  /** Stops the node and everything it opened. Settles when that is done; calling it again waits for the same end. */
  stop(): Promise<void>
}

/** What a reader wants of the stream of events. */
export interface SubscribeOptions {
  /**
   * How many events wait at the most for this reader; the oldest are dropped and counted. What the operator asked for and
   * what is rare has places beside these, an eighth as many: a flood of other events drives none of it out.
   *
   * @default 4096
   */
  capacity?: number
  /** Also the latest events before now, as many as the node keeps: a log that does not start in the middle. */
  recent?: boolean
  /**
   * How long what a node says all the time (figures, pings that went well) may wait for others to come along, in ms.
   * Anything else brings what waits at once. @default 0
   */
  routineWaitMs?: number
}

/**
 * One reader's place in the stream of events. A reader that does not pull costs the node its ring of `capacity`
 * events and nothing else.
 */
export interface Subscription {
  /**
   * What has happened since the last call, waiting for something to happen if nothing has. With very many peers a
   * reader that keeps losing events waits for its next snapshot, so that making those is not all that the node does.
   * `undefined` at the end: closed, or the node is gone and all its events have been read.
   */
  next(): Promise<Batch | undefined>
  /** Ends the subscription; a pending `next` settles with `undefined`. */
  close(): void
}

/** What one pull of a reader brings. */
export interface Batch {
  /** How many events this reader lost since the batch before. Where they are missing, the `seq` of `events` shows. */
  dropped: number
  /** Present after a loss: of which kinds most were lost, the greatest first. */
  lost?: LostKind[]
  /** Present in the first batch and after a loss: the state, the events up to `snapshot.seq` included. */
  snapshot?: SwarmSnapshot
  /** In order, without gaps but for those that were `dropped`. Those up to `snapshot.seq` are in the snapshot already. */
  events: NodeEvent[]
}
