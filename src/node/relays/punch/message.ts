/**
 * The messages of DCUtR: a protobuf with two fields.
 *
 * @see https://github.com/libp2p/specs/blob/master/relay/DCUtR.md#rpc-messages
 */
import { PunchError } from './punch-error.ts'

/** `CONNECT`: my addresses are these. `SYNC`: now. */
export type MessageType = 'CONNECT' | 'SYNC'

export interface HolePunchMessage {
  type: MessageType
  /** Multiaddrs in their binary form; remote ones may be anything. */
  observedAddresses: readonly Uint8Array[]
}

/** The longest message that the specification allows, in bytes. */
export const MAX_MESSAGE_BYTES = 4096

const CODES: Readonly<Record<MessageType, number>> = { CONNECT: 100, SYNC: 300 }

/** Field number and wire type (varint, bytes) in one, as protobuf writes them. */
const TYPE_TAG = (1 << 3) | 0
const ADDRESS_TAG = (2 << 3) | 2

export function encodeMessage({ type, observedAddresses }: HolePunchMessage): Uint8Array {
  const addresses = observedAddresses.flatMap(address => [
    ...varint(ADDRESS_TAG),
    ...varint(address.length),
    ...address,
  ])
  return Uint8Array.from([...varint(TYPE_TAG), ...varint(CODES[type]), ...addresses])
}

/** @throws {PunchError} for what is none of the two messages */
export function decodeMessage(bytes: Uint8Array): HolePunchMessage {
  const reader = new Reader(bytes)
  let code = 0
  const observedAddresses: Uint8Array[] = []
  while (!reader.atEnd) {
    const tag = reader.varint()
    if (tag === TYPE_TAG) code = reader.varint()
    else if (tag === ADDRESS_TAG) observedAddresses.push(reader.bytes(reader.varint()))
    else reader.skip(tag & 7)
  }
  const type = (Object.keys(CODES) as MessageType[]).find(name => CODES[name] === code)
  if (type === undefined) throw garbled()
  return { type, observedAddresses }
}

function garbled(): PunchError {
  return new PunchError('garbled', 'not a message of DCUtR')
}

function varint(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest]
    bytes.push((rest & 0x7f) | 0x80)
  }
}

/** Reads the wire types of protobuf one after the other. @throws {PunchError} beyond the end */
class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes[this.#at]
      if (byte === undefined || factor > Number.MAX_SAFE_INTEGER) throw garbled()
      this.#at += 1
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length) throw garbled()
    const taken = this.#bytes.slice(this.#at, end)
    this.#at = end
    return taken
  }

  /** What later versions may add. */
  skip(wireType: number): void {
    if (wireType === 0) this.varint()
    else if (wireType === 1) this.bytes(8)
    else if (wireType === 2) this.bytes(this.varint())
    else if (wireType === 5) this.bytes(4)
    else throw garbled()
  }
}
