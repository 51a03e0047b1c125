/**
 * The messages of AutoNAT v2 that a server reads and writes.
 *
 * @see https://github.com/libp2p/specs/blob/master/autonat/autonat-v2.md#rpc-messages
 */
import { readAllFields, readFields, writeBytes, writeNumber } from '../../relays/protobuf.ts'

/** How a request was answered. */
export const RESPONSE = { internalError: 0, rejected: 100, dialRefused: 101, ok: 200 } as const
/** How the dial back went. */
export const DIAL = { unused: 0, dialError: 100, dialBackError: 101, ok: 200 } as const

/** The longest message that is read, in bytes: some tens of addresses, or a piece of the data that is asked for. */
export const MAX_MESSAGE_BYTES = 8_192

/** Numbers of the fields, of `Message` first. */
const DIAL_REQUEST = 1
const DIAL_RESPONSE = 2
const DIAL_DATA_REQUEST = 3
const DIAL_DATA_RESPONSE = 4
const ADDRESS = 1
const NONCE = 2

/** Asks to be dialed at the first of some addresses that can be. */
export interface DialRequest {
  addresses: readonly Uint8Array[]
  /** The eight bytes that the dial back has to bring. */
  nonce: Uint8Array
}

/** @throws Error for anything else */
export function readDialRequest(message: Uint8Array): DialRequest {
  const request = readFields(message)?.get(DIAL_REQUEST)
  const fields = request instanceof Uint8Array ? readAllFields(request) : undefined
  const nonce = fields?.findLast(([field]) => field === NONCE)?.[1]
  if (fields === undefined || !(nonce instanceof Uint8Array)) throw new Error('It is no request to be dialed')
  const addresses = fields.flatMap(([field, value]) =>
    field === ADDRESS && value instanceof Uint8Array ? [value] : [],
  )
  return { addresses, nonce }
}

/** How many bytes of the data that was asked for came. @throws Error for anything else */
export function readDialData(message: Uint8Array): number {
  const response = readFields(message)?.get(DIAL_DATA_RESPONSE)
  const data = response instanceof Uint8Array ? readFields(response)?.get(1) : undefined
  if (!(data instanceof Uint8Array)) throw new Error('It sent no data')
  return data.length
}

/** Asks for so many bytes before the address at `index` is dialed. */
export function dialDataRequest(index: number, bytes: number): Uint8Array {
  const request = [...writeNumber(1, index), ...writeNumber(2, bytes)]
  return Uint8Array.from(writeBytes(DIAL_DATA_REQUEST, Uint8Array.from(request)))
}

export function dialResponse(
  status: (typeof RESPONSE)[keyof typeof RESPONSE],
  index = 0,
  dial: (typeof DIAL)[keyof typeof DIAL] = DIAL.unused,
): Uint8Array {
  const response = [...writeNumber(1, status), ...writeNumber(2, index), ...writeNumber(3, dial)]
  return Uint8Array.from(writeBytes(DIAL_RESPONSE, Uint8Array.from(response)))
}

/** What is sent over the connection that dials back: the nonce, a `fixed64`. */
export function dialBack(nonce: Uint8Array): Uint8Array {
  const fixed64 = 1
  return Uint8Array.from([1 * 8 + fixed64, ...nonce])
}
