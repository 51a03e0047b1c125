/** Walks through bytes of LevelDB's formats. Whatever does not fit is {@link Malformed}, never a wrong value. */

/** Bytes that are not what their place wants. */
export class Malformed extends Error {
  override readonly name = 'Malformed'
}

/** Reads one value after the other. Every method throws {@link Malformed} where the bytes end, or hold no such value. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #end: number
  #at: number

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#at = start
    this.#end = end
  }

  get done(): boolean {
    return this.#at >= this.#end
  }

  byte(): number {
    const byte = this.#at < this.#end ? this.#bytes[this.#at] : undefined
    if (byte === undefined) throw new Malformed('it ends too early')
    this.#at += 1
    return byte
  }

  take(length: number): Uint8Array {
    if (length > this.#end - this.#at) throw new Malformed('it ends too early')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  /** A number of seven bits a byte, the lowest first. */
  varint(): number {
    let value = 0
    for (let scale = 1; scale <= Number.MAX_SAFE_INTEGER; scale *= 128) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) break
        return value
      }
    }
    throw new Malformed('a number is too large')
  }

  /** Bytes with their length before them. */
  slice(): Uint8Array {
    return this.take(this.varint())
  }
}

/** The four bytes at a place as a number, the lowest first; what is beyond the end counts as 0. */
export function fixed32(bytes: Uint8Array, at: number): number {
  const byte = (offset: number): number => bytes[at + offset] ?? 0
  return (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) >>> 0
}

/** The eight bytes at a place. */
export function fixed64(bytes: Uint8Array, at: number): bigint {
  return BigInt(fixed32(bytes, at)) | (BigInt(fixed32(bytes, at + 4)) << 32n)
}
