import { BadMessageError, type MessageBounds, Messages } from './messages.ts'

/** The longest name that libp2p takes for a protocol, in bytes, and the bytes of such a length. */
const BOUNDS: MessageBounds = { lengthBytes: 2, messageBytes: 1024 }
/** The other side may say so many things before something is agreed on. Those that speak to us offer three or four. */
const MOST_MESSAGES = 24
/** Each question for all protocols is answered with all of them, some hundred times as much as was asked. */
const MOST_LISTS = 1

const HEADER = '/multistream/1.0.0'
const LIST = 'ls'

/** Which protocols are to be agreed on: the names that we take from the other side, or those that we propose to it. */
export type Offer = { readonly takes: readonly string[] } | 'we propose'

/**
 * Follows one negotiation of multistream-select, so that nothing reaches libp2p's own reader that it would choke on.
 *
 * @see https://github.com/multiformats/multistream-select
 */
export class Negotiation {
  readonly #offer: Offer
  readonly #theirs = new Messages(BOUNDS)
  readonly #ours = new Messages(BOUNDS)
  readonly #line: Uint8Array[] = []
  readonly #ourLine: Uint8Array[] = []
  /** What we proposed last. */
  #proposed: string | undefined
  #lists = 0
  #messages = 0
  #agreed: string | undefined

  constructor(offer: Offer) {
    this.#offer = offer
  }

  /** Undefined until both sides want the same. */
  get agreed(): string | undefined {
    return this.#agreed
  }

  /** How many messages have come in. */
  get messages(): number {
    return this.#messages
  }

  /** To be told of what we send; the negotiation is ours, so it is well-formed. */
  sent(bytes: Uint8Array): void {
    if (this.#offer !== 'we propose' || this.#agreed !== undefined) return
    this.#ours.read(bytes, (piece, missing) => {
      this.#ourLine.push(piece)
      if (missing > 0) return false
      const line = lineOf(this.#ourLine)
      if (line !== HEADER) this.#proposed = line
      return false
    })
  }

  /**
   * Reads what comes in, up to where the protocol that was agreed on begins.
   *
   * @returns how many of the bytes are of the negotiation
   * @throws BadMessageError for what is no negotiation, or one without an end
   */
  received(bytes: Uint8Array): number {
    return this.#theirs.read(bytes, (piece, missing) => {
      // What the piece is part of is not ours to keep.
      this.#line.push(piece.slice())
      return missing === 0 && this.#heard(lineOf(this.#line))
    })
  }

  #heard(line: string): boolean {
    this.#messages += 1
    if (this.#messages > MOST_MESSAGES) {
      throw new BadMessageError(`No multistream protocol agreed on in ${MOST_MESSAGES} messages`)
    }
    if (line === LIST && this.#offer !== 'we propose') {
      this.#lists += 1
      if (this.#lists > MOST_LISTS)
        throw new BadMessageError('It requested the list of multistream protocols again')
    }
    const agrees =
      line !== HEADER &&
      (this.#offer === 'we propose' ? line === this.#proposed : this.#offer.takes.includes(line))
    if (agrees) this.#agreed = line
    return agrees
  }
}

/** The line that pieces make up, as libp2p reads it: what it takes for agreed must be what is agreed here. */
function lineOf(pieces: Uint8Array[]): string {
  return Buffer.concat(pieces.splice(0)).toString('utf8').trimEnd()
}
