/** Messages of Kademlia as bytes on a stream. @see https://github.com/libp2p/specs/blob/master/kad-dht/README.md#rpc-messages */
import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { field, varint } from './protobuf.ts'

const TYPE = { putValue: 0, getValue: 1, addProvider: 2, getProviders: 3, ping: 5 } as const
const FIELD = { type: 1, key: 2, record: 3, providers: 9 } as const
const RECORD = { key: 1, value: 2 } as const
const PEER = { id: 1, multiaddrs: 2 } as const

/** Asks to keep a value under a key. */
export function putValue(key: string, value: Uint8Array): Uint8Array {
  const record = [field(RECORD.key, Buffer.from(key)), field(RECORD.value, value)]
  return message(TYPE.putValue, [
    field(FIELD.key, Buffer.from(key)),
    field(FIELD.record, Buffer.concat(record)),
  ])
}

/** Says that a peer provides what `key` (a CID's bytes) names. */
export function addProvider(key: Uint8Array, peerId: PeerId, addresses: readonly Multiaddr[]): Uint8Array {
  const peer = [
    field(PEER.id, peerId.toMultihash().bytes),
    ...addresses.map(({ bytes }) => field(PEER.multiaddrs, bytes)),
  ]
  return message(TYPE.addProvider, [field(FIELD.key, key), field(FIELD.providers, Buffer.concat(peer))])
}

/** Asks for the value under a key. */
export function getValue(key: string): Uint8Array {
  return message(TYPE.getValue, [field(FIELD.key, Buffer.from(key))])
}

/** Asks who provides what `key` (a CID's bytes) names. */
export function getProviders(key: Uint8Array): Uint8Array {
  return message(TYPE.getProviders, [field(FIELD.key, key)])
}

/** Asks for nothing but the same message, which may be of any length. */
export function pingMessage(padding?: Uint8Array): Uint8Array {
  return message(TYPE.ping, padding === undefined ? [] : [field(FIELD.key, padding)])
}

function message(type: number, fields: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat([Uint8Array.from([FIELD.type << 3, type]), ...fields])
  return Buffer.concat([varint(body.length), body])
}
