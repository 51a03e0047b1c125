/** What the messages of a protocol may be: each comes behind its length, an unsigned varint. */
export interface MessageBounds {
  /** How many bytes a length may take. */
  readonly lengthBytes: number
  /** How many bytes a message may have. */
  readonly messageBytes: number
}

/** What came in is no message, or a longer one than the protocol has. */
export class BadMessageError extends Error {
  override readonly name = 'BadMessageError'
}

/** The bit of a byte that says: the length goes on in the next one. */
const MORE = 0x80
const DIGIT_BITS = 7

/**
 * Follows messages as their bytes come in, whichever way they are cut into pieces.
 *
 * @see https://github.com/multiformats/unsigned-varint
 */
export class Messages {
  readonly #bounds: MessageBounds
  /** Of the length that is being read, so many bytes, and what they say. */
  #lengthBytes = 0
  #length = 0
  /** Of the message that is being read; undefined: a length comes next. */
  #missing: number | undefined

  constructor(bounds: MessageBounds) {
    this.#bounds = bounds
  }

  /**
   * Reads on.
   *
   * @param part called for each piece of a message, with what is still missing of it after that; true: reading stops there
   * @returns how many of the bytes were read
   * @throws BadMessageError with the first byte that exceeds the bounds
   */
  read(bytes: Uint8Array, part: (piece: Uint8Array, missing: number) => boolean): number {
    let at = 0
    while (at < bytes.length) {
      if (this.#missing === undefined) {
        this.#readLength(bytes[at] ?? 0)
        at += 1
        if (this.#missing !== 0) continue
      }
      const end = Math.min(bytes.length, at + this.#missing)
      const missing = this.#missing - (end - at)
      const piece = bytes.subarray(at, end)
      at = end
      this.#missing = missing === 0 ? undefined : missing
      if (part(piece, missing)) break
    }
    return at
  }

  #readLength(byte: number): void {
    const { lengthBytes, messageBytes } = this.#bounds
    // A multiplication: shifts have 32 bits.
    this.#length += (byte & ~MORE) * 2 ** (DIGIT_BITS * this.#lengthBytes)
    this.#lengthBytes += 1
    const ends = (byte & MORE) === 0
    if (!ends && this.#lengthBytes === lengthBytes) {
      throw new BadMessageError(`The length prefix of a message exceeds ${lengthBytes} bytes`)
    }
    if (this.#length > messageBytes) {
      throw new BadMessageError(`The length of a message exceeds ${messageBytes} bytes`)
    }
    if (!ends) return
    this.#missing = this.#length
    this.#length = 0
    this.#lengthBytes = 0
  }
}
