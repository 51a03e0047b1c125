import { decode, encode, type Packet } from 'dns-packet'
import { describe, expect, it } from 'vitest'
import { announcement, fitted, goodbye, query, type Service } from '../../../src/node/mdns/records.ts'
import {
  expectCacheFlush,
  expectMulticastResponse,
  resolve,
  resolveLikeGo,
  resolveLikeRust,
} from '../../support/mdns-demands.ts'
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

describe('the announcement', () => {
  const packet = sent(announcement(service))

  it('is an authoritative response without questions and with id 0', () => {
    expectMulticastResponse(packet)
  })

  it('has for Rust: the PTR record in the answers, TXT of the same name in the additional records', () => {
    expect(resolveLikeRust(packet)).toEqual({ name: NAME, multiaddrs: service.multiaddrs })
  })

  it('has for Go: SRV with its host, an address of that host, and one single TXT record', () => {
    expect(resolveLikeGo(packet)).toEqual({
      host: `${service.instance}.local`,
      port: 4001,
      ipv4: ['192.168.1.2'],
      ipv6: ['fd00::2'],
    })
  })

  it('flushes caches of what is ours alone, and never of the PTR record that all nodes share', () => {
    expectCacheFlush(packet)
  })

  it('is taken back with the same records and no time to live', () => {
    expect(resolve(sent(goodbye(service)), 0)).toEqual(resolve(packet, 120))
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
