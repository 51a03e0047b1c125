import { type Answer, encode } from 'dns-packet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerTo, legacyForm } from '../../../src/node/mdns/answer.ts'
import { announcedIn, readPacket } from '../../../src/node/mdns/hear.ts'
import { announcement, goodbye, type Service } from '../../../src/node/mdns/records.ts'
import { ANN, BEN } from '../../support/mdns-peers.ts'

const SERVICE = '_p2p._udp.local'
const ptr = (instance: string, ttl = 120): Answer => ({
  type: 'PTR',
  name: SERVICE,
  ttl,
  data: `${instance}.${SERVICE}`,
})
const txt = (instance: string, data: string | string[], ttl = 120): Answer => ({
  type: 'TXT',
  name: `${instance}.${SERVICE}`,
  ttl,
  data,
})
const at = (ip: string, peerId: string) => `dnsaddr=/ip4/${ip}/tcp/4001/p2p/${peerId}`

function hear(answers: Answer[], additionals: Answer[] = [], fromThisMachine = false) {
  const packet = readPacket(encode({ type: 'response', answers, additionals }))
  return packet && announcedIn(packet, fromThisMachine)
}
const peers = (...heard: Parameters<typeof hear>) => hear(...heard)?.flatMap(announced => announced.peers)

const service: Service = {
  instance: 'i'.repeat(32),
  port: 1,
  multiaddrs: [`/ip4/10.0.0.1/tcp/4001/p2p/${ANN}`],
  ipv4: ['10.0.0.1'],
  ipv6: [],
  ttlSeconds: 120,
}

describe('hears', () => {
  it('its own kind, Rust and Go: TXT in the additional records', () => {
    const packet = readPacket(encode(announcement(service)))
    expect(packet && announcedIn(packet, false)).toEqual([
      {
        instance: `${service.instance}.${SERVICE}`,
        ttlSeconds: 120,
        peers: [{ peerId: ANN, addresses: ['/ip4/10.0.0.1/tcp/4001'] }],
      },
    ])
  })

  it('js-libp2p: one TXT record for each address, among the answers', () => {
    expect(peers([ptr('x'), txt('x', at('10.0.0.1', ANN)), txt('x', at('10.0.0.2', ANN))])).toEqual([
      { peerId: ANN, addresses: ['/ip4/10.0.0.1/tcp/4001', '/ip4/10.0.0.2/tcp/4001'] },
    ])
  })

  it('names in any case', () => {
    const shouting: Answer = { ...ptr('X'), name: SERVICE.toUpperCase() }
    expect(hear([shouting], [txt('x', at('10.0.0.1', ANN))])).toMatchObject([{ instance: `x.${SERVICE}` }])
  })

  it('a peer in spite of an address that cannot be read, or names no peer', () => {
    const strings = [
      'dnsaddr=/weird/1/p2p/x',
      'dnsaddr=',
      'dnsaddr=/ip4/10.0.0.1/tcp/4001',
      `dnsaddr=/p2p/${ANN}`,
      'other=1',
      at('10.0.0.1', ANN),
    ]
    expect(peers([ptr('x')], [txt('x', strings)])).toEqual([
      { peerId: ANN, addresses: ['/ip4/10.0.0.1/tcp/4001'] },
    ])
  })

  it('two peers of one packet as two', () => {
    const both = [txt('x', at('10.0.0.1', ANN)), txt('y', at('10.0.0.2', BEN))]
    expect(peers([ptr('x'), ptr('y'), ...both])?.map(({ peerId }) => peerId)).toEqual([ANN, BEN])
    expect(peers([ptr('x'), txt('x', [at('10.0.0.1', ANN), at('10.0.0.2', BEN)])])).toEqual([
      { peerId: ANN, addresses: ['/ip4/10.0.0.1/tcp/4001'] },
      { peerId: BEN, addresses: ['/ip4/10.0.0.2/tcp/4001'] },
    ])
  })

  it('a goodbye, with or without the other records', () => {
    const packet = readPacket(encode(goodbye(service)))
    expect(packet && announcedIn(packet, false)).toMatchObject([{ ttlSeconds: 0 }])
    expect(hear([ptr('x', 0)])).toEqual([{ instance: `x.${SERVICE}`, ttlSeconds: 0, peers: [] }])
  })

  it('no address that would lead to ourselves or to public name servers', () => {
    const strings = [
      at('127.0.0.1', ANN),
      at('0.0.0.0', ANN),
      `dnsaddr=/ip6/::1/tcp/1/p2p/${ANN}`,
      `dnsaddr=/ip6/::ffff:127.0.0.1/tcp/1/p2p/${ANN}`,
      `dnsaddr=/unix/%2Ftmp%2Fx/p2p/${ANN}`,
      `dnsaddr=/dns4/tracker.example.com/tcp/1/p2p/${ANN}`,
      `dnsaddr=/dns4/$(x).local/tcp/1/p2p/${ANN}`,
      `dnsaddr=/dns4/a b.local/tcp/1/p2p/${ANN}`,
      `dnsaddr=/ip4/10.0.0.1/tcp/1/tls/sni/a;b/ws/p2p/${ANN}`,
      `dnsaddr=/dns4/ann.local/tcp/1/p2p/${ANN}`,
    ]
    expect(peers([ptr('x')], [txt('x', strings)])).toEqual([
      { peerId: ANN, addresses: ['/dns4/ann.local/tcp/1'] },
    ])
    expect(peers([ptr('x')], [txt('x', at('127.0.0.1', ANN))], true)).toEqual([
      { peerId: ANN, addresses: ['/ip4/127.0.0.1/tcp/4001'] },
    ])
  })

  it('no other service, and no more than anyone needs', () => {
    const printer: Answer = { type: 'TXT', name: 'p._ipp._tcp.local', data: at('10.0.0.1', ANN) }
    expect(hear([printer])).toEqual([])
    const many = Array.from({ length: 100 }, (_, n) => at(`10.0.0.${n}`, ANN))
    expect(peers([ptr('x', 2 ** 31), txt('x', many)])?.[0]?.addresses).toHaveLength(32)
    expect(hear([ptr('x', 2 ** 31), txt('x', many)])).toMatchObject([{ ttlSeconds: 4500 }])
  })
})

describe('lives through', () => {
  const whole = encode(announcement(service))
  /** Everything that a datagram from the network passes. */
  const swallow = (bytes: Buffer) => {
    const packet = readPacket(bytes)
    if (packet === undefined) return
    announcedIn(packet, false)
    const answer = answerTo(packet, service)
    if (answer !== undefined) encode(legacyForm(answer, packet))
  }

  it('random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), bytes => swallow(Buffer.from(bytes))))
  })

  it('packets cut short, and with bytes changed', () => {
    for (let length = 0; length < whole.length; length++) swallow(whole.subarray(0, length))
    const asked = encode({
      id: 1,
      questions: [
        { type: 'PTR', name: SERVICE },
        { type: 'TXT', name: 'é.x' },
      ],
    })
    const change = fc.tuple(fc.constantFrom(whole, asked), fc.array(fc.tuple(fc.nat(2000), fc.nat(255))))
    fc.assert(
      fc.property(change, ([original, changes]) => {
        const bytes = Buffer.from(original)
        for (const [place, value] of changes) bytes[place % bytes.length] = value
        swallow(bytes)
      }),
    )
  })

  it('packets that are too long, or of another kind', () => {
    expect(readPacket(Buffer.concat([whole, Buffer.alloc(9000)]))).toBeUndefined()
    const opcode = Buffer.from(whole)
    opcode[2] = 0xa8
    expect(readPacket(opcode)).toBeUndefined()
    expect(readPacket(whole)).toBeDefined()
  })
})
