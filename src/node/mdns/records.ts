/** Our own service as DNS records, in the form that every libp2p implementation takes. */
import { type Answer, AUTHORITATIVE_ANSWER, encodingLength, type Packet } from 'dns-packet'
import { DNSADDR } from './addresses.ts'
import { SERVICE, SERVICE_TYPES } from './names.ts'

/** One node's service as one link sees it. */
export interface Service {
  /** First label of the instance's name, and of the host's. */
  readonly instance: string
  readonly port: number
  /** Multiaddrs ending in /p2p/, the most useful first. */
  readonly multiaddrs: readonly string[]
  readonly ipv4: readonly string[]
  readonly ipv6: readonly string[]
  readonly ttlSeconds: number
}

/** Fits one Ethernet frame over IPv6 with room for a tunnel: a fragment that is lost loses the whole answer. */
export const MAX_PACKET_BYTES = 1400
/** How many A and how many AAAA records are given at the most; one is what resolvers need. */
const MAX_HOST_RECORDS = 4

/** The service's records, one property for each answer that can be asked for. */
export interface ServiceRecords {
  ptr: Answer
  types: Answer
  srv: Answer
  txt: Answer
  hosts: Answer[]
}

/** The name of the service's one instance, which PTR points at (RFC 6763, section 4.1). */
export function instanceName(instance: string): string {
  return `${instance}.${SERVICE}`
}

/** The name of the host that SRV points at, in the link-local domain .local (RFC 6762, section 3). */
export function hostName(instance: string): string {
  return `${instance}.local`
}

/**
 * The records of a service. SRV, TXT and addresses belong to us alone and carry the cache-flush bit; PTR records are
 * shared with all other nodes and must not (RFC 6762, section 10.2). One TXT record holds all addresses, for Go's
 * resolver keeps the last one only.
 */
export function recordsOf(service: Service): ServiceRecords {
  const { instance, ttlSeconds: ttl } = service
  const name = instanceName(instance)
  const host = hostName(instance)
  const own = { class: 'IN', ttl, flush: true } as const
  const shared = { class: 'IN', ttl, flush: false } as const
  const ipv4 = service.ipv4.slice(0, MAX_HOST_RECORDS)
  const ipv6 = service.ipv6.slice(0, MAX_HOST_RECORDS)
  return {
    ptr: { type: 'PTR', name: SERVICE, data: name, ...shared },
    types: { type: 'PTR', name: SERVICE_TYPES, data: SERVICE, ...shared },
    srv: { type: 'SRV', name, data: { port: service.port, target: host, priority: 0, weight: 0 }, ...own },
    txt: { type: 'TXT', name, data: service.multiaddrs.map(text => DNSADDR + text), ...own },
    hosts: [
      ...ipv4.map(data => ({ type: 'A', name: host, data, ...own }) as const),
      ...ipv6.map(data => ({ type: 'AAAA', name: host, data, ...own }) as const),
    ],
  }
}

/**
 * A response. Rust reads TXT from the additional records only; so PTR stands alone among the answers when it is asked
 * for, and all that explains it follows.
 */
export function response(answers: Answer[], additionals: Answer[] = []): Packet {
  return { type: 'response', flags: AUTHORITATIVE_ANSWER, answers, additionals }
}

/** The whole service: the answer to who asks for libp2p nodes, and what is said unasked. */
export function announcement(service: Service): Packet {
  const { ptr, srv, txt, hosts } = recordsOf(service)
  return response([ptr], [srv, txt, ...hosts])
}

/** Takes the service back (RFC 6762, section 10.1). */
export function goodbye(service: Service): Packet {
  return announcement({ ...service, ttlSeconds: 0 })
}

/** The service with as many of its addresses as one packet holds: the least useful go first. */
export function fitted(service: Service): Service {
  const multiaddrs = [...service.multiaddrs]
  while (
    multiaddrs.length > 1 &&
    encodingLength(announcement({ ...service, multiaddrs })) > MAX_PACKET_BYTES
  ) {
    multiaddrs.pop()
  }
  return { ...service, multiaddrs }
}

/** Asks for libp2p nodes. */
export function query(id: number): Packet {
  return { type: 'query', id, questions: [{ type: 'PTR', name: SERVICE, class: 'IN' }] }
}
