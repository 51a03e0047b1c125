import { type Bytes, piecesOf } from '../pieces.ts'
import { COST } from './budget.ts'
import type { Framing, MessageFraming } from './framing.ts'
import { BadMessageError, Messages } from './messages.ts'
import { Negotiation, type Offer } from './negotiation.ts'
import type { Wire } from './parts.ts'

/** Who is told of a stream, or of a connection on which streams are negotiated yet. */
export interface StreamOwner {
  /** Pays for work that the other side causes. */
  spend(cost: number): void
  /** Of a protocol that was agreed on. */
  framingOf(protocol: string): Framing | undefined
  /** Bytes came in that have no place there; the stream is aborted with `error`. `protocol`: absent while it is negotiated. */
  garbage(error: BadMessageError, protocol: string | undefined): void
}

/**
 * Looks at what comes in on a stream before libp2p does: while a protocol is negotiated, and as far as that protocol has
 * messages with a length. libp2p's own readers take a length of any number of bytes, each with a read and an exception,
 * and most of them a message of any size (docs/upstream). The bytes are only looked at, and not at all once they have
 * no form that is known.
 *
 * @param wire a stream, or a connection on which encryption or a muxer is to be agreed on
 * @param asked called for all that we say, where we began
 */
export function guardStream(wire: Wire, offer: Offer, owner: StreamOwner, asked = (): void => {}): void {
  const guard = new StreamGuard(new Negotiation(offer), offer === 'we propose', owner)
  const receive = wire.onData.bind(wire)
  const send = wire.send.bind(wire)
  if (offer === 'we propose') {
    wire.send = data => {
      if (guard.negotiating) for (const piece of piecesOf(data)) guard.sent(piece)
      asked()
      return send(data)
    }
  }
  const passes = (data: Uint8Array | Iterable<Uint8Array>): boolean => {
    try {
      for (const piece of piecesOf(data)) guard.received(piece)
      return true
    } catch (error) {
      if (!(error instanceof BadMessageError)) throw error
      wire.abort(error)
      owner.garbage(error, guard.protocol)
      return false
    }
  }
  const look = (data: Bytes): void => {
    if (wire.status !== 'open' && wire.status !== 'closing') return
    if (guard.done || passes(data)) receive(data)
    // What is not looked at any more costs nothing.
    if (guard.done && wire.onData === look) wire.onData = receive
  }
  wire.onData = look
  // What came before anybody could look.
  passes(wire.readBuffer)
}

class StreamGuard {
  readonly #owner: StreamOwner
  readonly #weAsked: boolean
  #negotiation: Negotiation | undefined
  #framing: MessageFraming | undefined
  #messages: Messages | undefined
  /** Messages that have that form still. */
  #left = 0
  protocol: string | undefined

  constructor(negotiation: Negotiation, weAsked: boolean, owner: StreamOwner) {
    this.#negotiation = negotiation
    this.#weAsked = weAsked
    this.#owner = owner
  }

  get negotiating(): boolean {
    return this.#negotiation !== undefined
  }

  /** Nothing needs to be looked at any more. */
  get done(): boolean {
    return this.#negotiation === undefined && this.#framing === undefined
  }

  sent(bytes: Uint8Array): void {
    this.#negotiation?.sent(bytes)
  }

  /** @throws BadMessageError */
  received(bytes: Uint8Array): void {
    const negotiation = this.#negotiation
    if (negotiation === undefined) {
      this.#ofProtocol(bytes)
      return
    }
    const before = negotiation.messages
    const read = negotiation.received(bytes)
    // Answers to what we propose are as many as we like.
    if (!this.#weAsked) this.#owner.spend(COST.piece + COST.negotiation * (negotiation.messages - before))
    if (negotiation.agreed === undefined) return
    this.#agreed(negotiation.agreed)
    if (read < bytes.length) this.#ofProtocol(bytes.subarray(read))
  }

  #agreed(protocol: string): void {
    this.#negotiation = undefined
    this.protocol = protocol
    const framing = this.#owner.framingOf(protocol)
    if (framing === undefined || framing === 'bytes') return
    this.#framing = framing
    this.#messages = new Messages(framing.messages)
    this.#left = framing.first ?? Number.POSITIVE_INFINITY
  }

  #ofProtocol(bytes: Uint8Array): void {
    const framing = this.#framing
    if (framing === undefined) return
    this.#messages?.read(bytes, (_, missing) => {
      if (missing > 0) return false
      this.#owner.spend(framing.cost)
      this.#left -= 1
      if (this.#left > 0) return false
      this.#framing = undefined
      return true
    })
  }
}
