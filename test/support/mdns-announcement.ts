import { encode } from 'dns-packet'

const SERVICE = '_p2p._udp.local'

/** One announcement, in hexadecimal: the name of an instance, and multiaddrs with the peer at the end of each. */
export function announcement(instance: string, addresses: readonly string[]): string {
  const name = `${instance}.${SERVICE}`
  return encode({
    type: 'response',
    answers: [{ type: 'PTR', name: SERVICE, ttl: 120, data: name }],
    additionals: [{ type: 'TXT', name, ttl: 120, data: addresses.map(address => `dnsaddr=${address}`) }],
  }).toString('hex')
}
