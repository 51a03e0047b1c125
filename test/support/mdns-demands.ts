/** What the resolvers of other implementations demand of a packet, record by record. */
import type { Answer, DecodedPacket } from 'dns-packet'
import { expect } from 'vitest'

const SERVICE = '_p2p._udp.local'

/** A service as those resolvers understand it. */
export interface Resolved {
  /** Name of the instance: the target of the PTR record. */
  name: string
  host: string
  port: number
  multiaddrs: string[]
  ipv4: string[]
  ipv6: string[]
}

/** Checks all that is demanded of a packet that announces one service, or takes it back with a time to live of 0. */
export function resolve(packet: DecodedPacket, ttlSeconds: number): Resolved {
  expectMulticastResponse(packet)
  expectCacheFlush(packet)
  const records = [...(packet.answers ?? []), ...(packet.additionals ?? [])]
  expect(records).toMatchObject(records.map(() => ({ ttl: ttlSeconds })))
  return { ...resolveLikeRust(packet), ...resolveLikeGo(packet) }
}

/** RFC 6762, section 18: authoritative, id 0, and no question is repeated. */
export function expectMulticastResponse({ type, flag_aa, id, questions }: DecodedPacket): void {
  expect({ type, flag_aa, id, questions }).toEqual({ type: 'response', flag_aa: true, id: 0, questions: [] })
}

/** Caches are flushed of what is one node's alone, and never of the PTR record that all nodes share. */
export function expectCacheFlush({ answers = [], additionals = [] }: DecodedPacket): void {
  for (const record of [...answers, ...additionals]) {
    expect(record).toMatchObject({ class: 'IN', flush: record.type !== 'PTR' })
  }
}

/** The PTR record alone in the answers; addresses in TXT of the same name, looked for in the additional records only. */
export function resolveLikeRust({ answers = [], additionals = [] }: DecodedPacket) {
  expect(answers).toMatchObject([{ type: 'PTR', name: SERVICE }])
  const name = targetOf(answers)
  const texts = additionals.flatMap(record =>
    record.type === 'TXT' && record.name === name ? [record.data].flat().map(String) : [],
  )
  expect(texts).not.toEqual([])
  expect(texts).toEqual(texts.map(() => expect.stringMatching(/^dnsaddr=\/ip[46]\/.+\/p2p\/\w+$/)))
  return { name, multiaddrs: texts.map(text => text.slice('dnsaddr='.length)) }
}

/** SRV named as the PTR record says, an address of its host, and one TXT record: only the last would be kept. */
export function resolveLikeGo({ answers = [], additionals = [] }: DecodedPacket) {
  const name = targetOf(answers)
  expect(additionals.filter(({ type }) => type === 'TXT')).toMatchObject([{ name }])
  const services = additionals.flatMap(record => (record.type === 'SRV' ? [record] : []))
  expect(services).toMatchObject([{ name }])
  const { target: host = '', port = 0 } = services[0]?.data ?? {}
  const hosts = additionals.flatMap(record => (record.type === 'A' || record.type === 'AAAA' ? [record] : []))
  expect(hosts).not.toEqual([])
  expect(hosts).toMatchObject(hosts.map(() => ({ name: host })))
  const of = (family: 'A' | 'AAAA') => hosts.filter(({ type }) => type === family).map(({ data }) => data)
  return { host, port, ipv4: of('A'), ipv6: of('AAAA') }
}

function targetOf(answers: Answer[]): string {
  return answers.flatMap(record => (record.type === 'PTR' ? [record.data] : []))[0] ?? expect.fail('no PTR')
}
