/** As much of protobuf (https://protobuf.dev/programming-guides/encoding/) as the messages about relays take. */

/** Wire types. */
const VARINT = 0
const BYTES = 2
/** How many bytes the values of other wire types have. */
const FIXED: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [5, 4],
])

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

/** Writes a number that is no fraction and not below zero. */
export function writeVarint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
  return [...bytes, rest]
}

/** A field by its number: a number, or bytes (also of wire types that are not looked into). */
export type Field = readonly [field: number, value: number | Uint8Array]

/** All fields of a message in their order; undefined when it cannot be read. */
export function readAllFields(bytes: Uint8Array): Field[] | undefined {
  const fields: Field[] = []
  for (let at = 0; at < bytes.length; ) {
    const key = readVarint(bytes, at)
    const found = key && readValue(bytes, key.value % 8, key.next)
    if (key === undefined || found === undefined) return undefined
    fields.push([Math.floor(key.value / 8), found.value])
    at = found.next
  }
  return fields
}

/** The fields of a message by their numbers, the last of each; undefined when it cannot be read. */
export function readFields(bytes: Uint8Array): Map<number, number | Uint8Array> | undefined {
  const fields = readAllFields(bytes)
  return fields && new Map(fields)
}

/** Writes a field that holds a number. */
export function writeNumber(field: number, value: number): number[] {
  return [...writeVarint(field * 8 + VARINT), ...writeVarint(value)]
}

/** Writes a field that holds bytes. */
export function writeBytes(field: number, value: Uint8Array): number[] {
  return [...writeVarint(field * 8 + BYTES), ...writeVarint(value.length), ...value]
}

function readValue(bytes: Uint8Array, wireType: number, start: number) {
  if (wireType === VARINT) return readVarint(bytes, start)
  const length =
    wireType === BYTES ? readVarint(bytes, start) : { value: FIXED.get(wireType) ?? Number.NaN, next: start }
  if (length === undefined) return undefined
  const next = length.next + length.value
  return next <= bytes.length ? { value: bytes.subarray(length.next, next), next } : undefined
}
