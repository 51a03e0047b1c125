import { encode } from 'dns-packet'

const SERVICE = '_p2p._udp.local'

/** One announcement, in hexadecimal: the name of an instance, and multiaddrs with the peer at the end of each. */
export function announcement(instance: string, addresses: readonly string[]): string {
  return announcements({ [instance]: addresses })
}

/** {@link announcement} of several instances in one packet. */
export function announcements(instances: Readonly<Record<string, readonly string[]>>): string {
  const names = Object.entries(instances).map(([instance, addresses]) => ({
    name: `${instance}.${SERVICE}`,
    data: addresses.map(address => `dnsaddr=${address}`),
  }))
  return encode({
    type: 'response',
    answers: names.map(({ name }) => ({ type: 'PTR', name: SERVICE, ttl: 120, data: name })),
    additionals: names.map(({ name, data }) => ({ type: 'TXT', name, ttl: 120, data })),
  }).toString('hex')
}
