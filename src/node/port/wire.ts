/**
 * The port as messages: plain data that survives a structured clone and JSON alike, so that one protocol serves a
 * thread and a socket. serve-port.ts is the node's side, connect-port.ts the other.
 *
 * A reader pulls: the node's side sends it one batch for each `pull` and nothing otherwise, so a reader that stands
 * still costs no message. Only at the end, what waits for each reader is sent unasked, as the node is about to go.
 *
 * The node's side checks what it is sent. The other side trusts the node: its texts are clean already.
 */
import type { Cancel } from '../../core/clock.ts'
import type { Failure } from '../../core/failure.ts'
import type { Batch } from '../../core/port.ts'
import type { PortEnd } from '../../core/requests.ts'

/** Messages to the node. `call` and `reader` are numbers that the sender chooses, each used once. */
export type ToNode =
  | { type: 'request'; call: number; kind: string; params: unknown; deadlineMs: number; id?: string }
  | { type: 'cancel'; call: number }
  | { type: 'subscribe'; reader: number; capacity?: number; recent?: boolean; routineWaitMs?: number }
  | { type: 'pull'; reader: number }
  | { type: 'unsubscribe'; reader: number }
  | { type: 'stop' }

/** Messages from the node. A `batch` message without a batch is that reader's end. */
export type FromNode =
  | { type: 'result'; call: number; result: unknown }
  | { type: 'failed'; call: number; failure: Failure }
  | { type: 'batch'; reader: number; batch?: Batch }
  | { type: 'ended'; end: PortEnd }

/** One side of a message channel: ordered, without loss until it is lost as a whole. */
export interface Channel<Out> {
  /** @throws if the message cannot be sent as data; sending over a lost channel does nothing */
  send(message: Out): void
  /** Begins to listen; messages that came before are kept until then. Returns what ends listening. */
  open(listener: ChannelListener): Cancel
}

/** Told what comes over a channel, and when the channel is lost. */
export interface ChannelListener {
  message(message: unknown): void
  /** Called once at the most, after the last message. */
  lost(failure: Failure): void
}
