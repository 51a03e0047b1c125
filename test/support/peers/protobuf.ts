/** Protobuf's wire format, as far as messages that no library would make need it. */

/** A field of bytes or text. */
export function field(number: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([varint((number << 3) | 2), varint(value.length), value])
}

/** A number in as many bytes as it takes. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = value; ; rest = rest >>> 7) {
    if (rest < 0x80) return Uint8Array.from([...bytes, rest])
    bytes.push((rest & 0x7f) | 0x80)
  }
}
