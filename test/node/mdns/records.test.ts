import { type Answer, decode, encode, type Packet } from 'dns-packet'
import { describe, expect, it } from 'vitest'
import { announcement, fitted, goodbye, query, type Service } from '../../../src/node/mdns/records.ts'
import { ANN } from '../../support/mdns-peers.ts'

const service: Service = {
  instance: 'a'.repeat(32),
  port: 4001,
  multiaddrs: [`/ip4/192.168.1.2/tcp/4001/p2p/${ANN}`, `/ip6/fd00::2/tcp/4001/p2p/${ANN}`],
  ipv4: ['192.168.1.2'],
  ipv6: ['fd00::2'],
  ttlSeconds: 120,
}
const NAME = `${service.instance}._p2p._udp.local`

/** What is on the wire, as another program reads it. */
const sent = (packet: Packet) => decode(encode(packet))
const texts = (record: Answer | undefined) => (record?.type === 'TXT' ? [record.data].flat().map(String) : [])

describe('the announcement', () => {
  const { answers = [], additionals = [], ...header } = sent(announcement(service))

  it('is an authoritative response without questions and with id 0', () => {
    expect(header).toMatchObject({ type: 'response', flag_aa: true, id: 0, questions: [] })
  })

  it('has for Rust: the PTR record in the answers, TXT of the same name in the additional records', () => {
    expect(answers).toMatchObject([{ type: 'PTR', name: '_p2p._udp.local', data: NAME, ttl: 120 }])
    const named = additionals.filter(({ name, type }) => name === NAME && type === 'TXT')
    expect(named.flatMap(texts)).toEqual(service.multiaddrs.map(address => `dnsaddr=${address}`))
  })

  it('has for Go: SRV with its host, an address of that host, and one single TXT record', () => {
    const srv = additionals.find(({ type }) => type === 'SRV')
    expect(srv).toMatchObject({ name: NAME, data: { port: 4001, target: `${service.instance}.local` } })
    const hosts = additionals.filter(({ name }) => name === `${service.instance}.local`)
    expect(hosts).toMatchObject([
      { type: 'A', data: '192.168.1.2' },
      { type: 'AAAA', data: 'fd00::2' },
    ])
    expect(additionals.filter(({ type }) => type === 'TXT')).toHaveLength(1)
  })

  it('flushes caches of what is ours alone, and never of the PTR record that all nodes share', () => {
    expect(answers).toMatchObject([{ flush: false }])
    expect(additionals).toMatchObject(additionals.map(() => ({ flush: true })))
  })

  it('is taken back with the same records and no time to live', () => {
    const bye = sent(goodbye(service))
    const without = (records: Answer[] = []) => records.map(record => ({ ...record, ttl: 0 }))
    expect(bye.answers).toEqual(without(answers))
    expect(bye.additionals).toEqual(without(additionals))
  })
})

it('keeps to one packet: the last addresses are left out, no record is cut', () => {
  const many = Array.from({ length: 60 }, (_, n) => `/ip4/10.0.0.${n}/tcp/4001/p2p/${ANN}`)
  const full = fitted({ ...service, multiaddrs: many, ipv6: Array(30).fill('fd00::2') })
  expect(encode(announcement(full)).length).toBeLessThanOrEqual(1400)
  expect(full.multiaddrs.length).toBeGreaterThan(5)
  expect(full.multiaddrs).toEqual(many.slice(0, full.multiaddrs.length))
})

it('asks as the specification says', () => {
  const { type, questions } = sent(query(7))
  expect({ type, questions }).toEqual({
    type: 'query',
    questions: [{ name: '_p2p._udp.local', type: 'PTR', class: 'IN' }],
  })
})
