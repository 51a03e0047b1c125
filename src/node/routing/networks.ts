/** The DHTs that a node can join, and what each of them keeps. */
import type { KadDHTInit } from '@libp2p/kad-dht'
import type { DhtOptions } from '../options.ts'
import { MAX_VALUE_BYTES } from './limits.ts'

/** The namespace of records that anybody may write, in a DHT that is not the public one. */
export const OPEN_NAMESPACE = 'app'

/** The DHT of hosts on one local network, as Kubo names it. */
const LAN_PROTOCOL = '/ipfs/lan/kad/1.0.0'
/** The public DHT of IPFS. */
export const PUBLIC_PROTOCOL = '/ipfs/kad/1.0.0'

/** The protocol id of the network that was asked for. */
export function protocolOf({ network }: DhtOptions): string {
  if (network === 'lan') return LAN_PROTOCOL
  return network === 'public' ? PUBLIC_PROTOCOL : network
}

/** Whether this is the public DHT, which takes public keys and signed names only. */
export function isPublic(options: DhtOptions): boolean {
  return protocolOf(options) === PUBLIC_PROTOCOL
}

/** What the records of a network must be: beside public keys (`/pk/`), which the library knows. */
export const openRecords: Required<Pick<KadDHTInit, 'validators' | 'selectors'>> = {
  validators: {
    [OPEN_NAMESPACE]: (_key, value) => {
      if (value.byteLength > MAX_VALUE_BYTES) throw new Error(`more than ${MAX_VALUE_BYTES} bytes`)
    },
  },
  selectors: { [OPEN_NAMESPACE]: (_key, records) => mostHeld(records) },
}

/** The place of the value that most of those asked hold: one liar among them changes nothing. */
export function mostHeld(records: readonly Uint8Array[]): number {
  const values = records.map(record => Buffer.from(record).toString('base64'))
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return values.findIndex(value => counts.get(value) === most)
}
