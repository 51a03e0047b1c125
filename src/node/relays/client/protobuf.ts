/** As much of protobuf (https://protobuf.dev/programming-guides/encoding/) as it takes to look into a message. */

/** Wire types. */
const VARINT = 0
const BYTES = 2

/** A number, and where what follows it begins. */
interface Varint {
  value: number
  next: number
}

/** Reads a number; undefined when it is cut off, or no number that can be. Those beyond 2^53 lose their last digits. */
export function readVarint(bytes: Uint8Array, start: number): Varint | undefined {
  let value = 0
  for (let place = 0; place < 10; place += 1) {
    const byte = bytes[start + place]
    if (byte === undefined) return undefined
    value += (byte & 0x7f) * 2 ** (7 * place)
    if (byte < 0x80) return { value, next: start + place + 1 }
  }
  return undefined
}

/** The fields of a message by their numbers, the last of each; undefined when it cannot be read. */
export function readFields(bytes: Uint8Array): Map<number, number | Uint8Array> | undefined {
  const fields = new Map<number, number | Uint8Array>()
  for (let at = 0; at < bytes.length; ) {
    const key = readVarint(bytes, at)
    const value = key && readVarint(bytes, key.next)
    if (key === undefined || value === undefined) return undefined
    const wireType = key.value % 8
    const field = Math.floor(key.value / 8)
    if (wireType === VARINT) {
      fields.set(field, value.value)
      at = value.next
    } else if (wireType === BYTES && value.next + value.value <= bytes.length) {
      at = value.next + value.value
      fields.set(field, bytes.subarray(value.next, at))
    } else {
      return undefined
    }
  }
  return fields
}
