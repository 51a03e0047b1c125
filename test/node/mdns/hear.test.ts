import { type Answer, encode } from 'dns-packet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerTo, legacyForm } from '../../../src/node/mdns/answer.ts'
import { announcedIn, readPacket } from '../../../src/node/mdns/hear.ts'
import { announcement, goodbye, type Service } from '../../../src/node/mdns/records.ts'
import { ANN, BEN } from '../../support/mdns-peers.ts'
import { peerIds } from '../../support/peer-ids.ts'

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

const NEIGHBOUR = { address: '10.0.0.1', ours: false }

function hear(answers: Answer[], additionals: Answer[] = [], ours = false) {
  const packet = readPacket(encode({ type: 'response', answers, additionals }))
  return packet && announcedIn(packet, { ...NEIGHBOUR, ours })
}
const peers = (...heard: Parameters<typeof hear>) =>
  hear(...heard)?.flatMap(announced => announced.peers.map(({ own: _, ...peer }) => peer))

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
    expect(packet && announcedIn(packet, NEIGHBOUR)).toEqual([
      {
        instance: `${service.instance}.${SERVICE}`,
        ttlSeconds: 120,
        peers: [{ peerId: ANN, addresses: ['/ip4/10.0.0.1/tcp/4001'], own: true }],
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

  it('whether the peer itself seems to speak, and puts what is there first', () => {
    const packet = encode({
      type: 'response',
      answers: [ptr('x'), txt('x', [at('10.0.0.9', ANN), at('10.0.0.1', ANN), at('10.0.0.9', BEN)])],
    })
    const [heard] = announcedIn(readPacket(packet)!, NEIGHBOUR)
    expect(heard?.peers).toEqual([
      { peerId: ANN, addresses: ['/ip4/10.0.0.1/tcp/4001', '/ip4/10.0.0.9/tcp/4001'], own: true },
      { peerId: BEN, addresses: ['/ip4/10.0.0.9/tcp/4001'], own: false },
    ])
  })

  it('a goodbye, with or without the other records', () => {
    const packet = readPacket(encode(goodbye(service)))
    expect(packet && announcedIn(packet, NEIGHBOUR)).toMatchObject([{ ttlSeconds: 0 }])
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
    announcedIn(packet, NEIGHBOUR)
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

  /** CPU seconds of reading a packet so many times. */
  const costOf = (packet: Buffer, times: number): number => {
    const before = process.cpuUsage()
    for (let n = 0; n < times; n++) swallow(packet)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1e6
  }

  it('thousands of records and texts, at a cost that the length of a datagram bounds', async () => {
    const ids = await peerIds(64)
    const texts = Array.from(
      { length: 5_000 },
      (_, n) => `dnsaddr=/ip4/10.0.0.1/tcp/${n % 9}/p2p/${ids[n % 64]}`,
    )
    const fitting = (made: (count: number) => Buffer): Buffer => {
      let count = 1
      while (made(count + 1).length <= 9000) count += 1
      return made(count)
    }
    const packets = [
      fitting(count => encode({ type: 'response', answers: [ptr('x'), txt('x', texts.slice(0, count))] })),
      fitting(count =>
        encode({ type: 'response', answers: texts.slice(0, count).map(text => txt('x', text)) }),
      ),
      fitting(count =>
        encode({ type: 'response', answers: Array.from({ length: count }, () => txt('x', '')) }),
      ),
      fitting(count =>
        encode({ type: 'response', answers: Array.from({ length: count }, (_, n) => ptr(`${n}`)) }),
      ),
    ]
    // One address costs a hundred times what a byte does: so many small packets are the measure.
    const small = encode({ type: 'response', answers: [ptr('x'), txt('x', texts[0] ?? '')] })
    for (const packet of [small, ...packets]) costOf(packet, 20)
    const measure = costOf(small, 64 * 20)
    for (const packet of packets) expect(costOf(packet, 20)).toBeLessThan(4 * measure)
    for (const packet of packets) {
      const heard = announcedIn(readPacket(packet)!, NEIGHBOUR)
      expect(heard.length).toBeLessThanOrEqual(16)
      expect(heard.flatMap(announced => announced.peers).length).toBeLessThanOrEqual(16)
    }
  })

  it('names that point at themselves, and long ways from name to name', () => {
    const header = (answers: number) => Buffer.from([0, 0, 0x84, 0, 0, 0, 0, answers, 0, 0, 0, 0])
    const pointer = (to: number) => Buffer.from([0xc0 | (to >> 8), to & 0xff])
    const rest = Buffer.from([0, 1, 0, 1, 0, 0, 0, 1, 0, 0])
    expect(readPacket(Buffer.concat([header(1), pointer(12), rest]))).toBeUndefined()
    expect(readPacket(Buffer.concat([header(1), pointer(14), pointer(12), rest]))).toBeUndefined()
    // Each name points to the one before it: 4,000 steps for the last, were they followed.
    const chain = [header(1)]
    for (let n = 0; n < 4_000; n++) chain.push(pointer(Math.max(12, 12 + 2 * (n - 1))))
    swallow(Buffer.concat([...chain, rest]))
    expect(costOf(Buffer.concat([...chain, rest]), 20)).toBeLessThan(20 * costOf(whole, 200))
  })

  it('packets that are too long, or of another kind', () => {
    expect(readPacket(Buffer.concat([whole, Buffer.alloc(9000)]))).toBeUndefined()
    const opcode = Buffer.from(whole)
    opcode[2] = 0xa8
    expect(readPacket(opcode)).toBeUndefined()
    expect(readPacket(whole)).toBeDefined()
  })
})
