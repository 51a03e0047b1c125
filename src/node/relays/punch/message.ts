/**
 * The messages of DCUtR: a protobuf with two fields.
 *
 * @see https://github.com/libp2p/specs/blob/master/relay/DCUtR.md#rpc-messages
 */
import { readAllFields, writeBytes, writeNumber } from '../protobuf.ts'
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

/** Numbers of the fields. */
const TYPE = 1
const ADDRESS = 2

/** Writes a message, without its length. */
export function encodeMessage({ type, observedAddresses }: HolePunchMessage): Uint8Array {
  return Uint8Array.from([
    ...writeNumber(TYPE, CODES[type]),
    ...observedAddresses.flatMap(address => writeBytes(ADDRESS, address)),
  ])
}

/** Reads a message, without its length. @throws {PunchError} for what is none of the two */
export function decodeMessage(bytes: Uint8Array): HolePunchMessage {
  const fields = readAllFields(bytes) ?? []
  const code = fields.findLast(([field]) => field === TYPE)?.[1]
  const type = (Object.keys(CODES) as MessageType[]).find(name => CODES[name] === code)
  if (type === undefined) throw new PunchError('garbled', 'not a message of DCUtR')
  const observedAddresses = fields.flatMap(([field, value]) =>
    field === ADDRESS && value instanceof Uint8Array ? [value] : [],
  )
  return { type, observedAddresses }
}
