import type { SafeText } from './safe-text.ts'

/** Where on its way something failed. A dial passes the first seven in this order. */
export const STAGES = [
  'target', // the words given do not name a peer or an address
  'queue', // waiting for its turn
  'resolve', // turning names (DNS) or a Peer ID into addresses
  'connect', // opening the transport: TCP
  'encrypt', // agreeing on and running noise; the Peer ID is proved here
  'multiplex', // agreeing on yamux
  'established', // the connection stood and was cut at once: a refusal by the other side
  'protocol', // agreeing on a protocol for a stream
  'exchange', // bytes over that stream
  'start', // the node itself
  'request', // the request: cancelled, out of time, or the node is gone
] as const

/** One of {@link STAGES}. */
export type Stage = (typeof STAGES)[number]

/** Why something did not work. */
export interface Failure {
  /** Where it failed. */
  stage: Stage
  /** Why, in a person's words. */
  cause: SafeText
  /** What to try next. */
  hint: SafeText
}

/** An error that carries a {@link Failure}: the only one that a port's requests reject with. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed'
  readonly failure: Failure

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.cause, options)
    this.failure = failure
  }
}
