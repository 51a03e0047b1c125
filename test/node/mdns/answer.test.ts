import { decode, encode, type Packet, type Question } from 'dns-packet'
import { describe, expect, it } from 'vitest'
import { answerTo, legacyForm, wantsUnicast } from '../../../src/node/mdns/answer.ts'
import type { Service } from '../../../src/node/mdns/records.ts'
import { ANN } from '../../support/mdns-peers.ts'

const service: Service = {
  instance: 'a'.repeat(32),
  port: 4001,
  multiaddrs: [`/ip4/192.168.1.2/tcp/4001/p2p/${ANN}`],
  ipv4: ['192.168.1.2'],
  ipv6: ['fd00::2'],
  ttlSeconds: 120,
}
const INSTANCE = `${service.instance}._p2p._udp.local`
const HOST = `${service.instance}.local`
type Kind = Question['type'] | 'ANY'

const asking = (...questions: [name: string, type: Kind][]): Packet =>
  decode(
    encode({ id: 9, questions: questions.map(([name, type]) => ({ name, type: type as Question['type'] })) }),
  )
const kinds = (packet: Packet | undefined) =>
  packet && {
    answers: packet.answers?.map(({ type }) => type),
    additionals: packet.additionals?.map(({ type }) => type),
  }

describe('answers', () => {
  it.each<[string, Kind, string[], string[]]>([
    ['_p2p._udp.local', 'PTR', ['PTR'], ['SRV', 'TXT', 'A', 'AAAA']],
    ['_P2P._UDP.Local', 'PTR', ['PTR'], ['SRV', 'TXT', 'A', 'AAAA']],
    ['_p2p._udp.local', 'ANY', ['PTR'], ['SRV', 'TXT', 'A', 'AAAA']],
    ['_services._dns-sd._udp.local', 'PTR', ['PTR'], []],
    [INSTANCE, 'SRV', ['SRV'], ['A', 'AAAA']],
    [INSTANCE, 'TXT', ['TXT'], []],
    [INSTANCE, 'ANY', ['SRV', 'TXT'], ['A', 'AAAA']],
    [HOST.toUpperCase(), 'A', ['A'], ['AAAA']],
    [HOST, 'AAAA', ['AAAA'], ['A']],
    [HOST, 'ANY', ['A', 'AAAA'], []],
  ])('%s %s', (name, type, answers, additionals) => {
    expect(kinds(answerTo(asking([name, type]), service))).toEqual({ answers, additionals })
  })

  it.each<[string, Kind]>([
    ['_http._tcp.local', 'PTR'],
    ['_p2p._udp.local', 'TXT'],
    ['other._p2p._udp.local', 'SRV'],
    ['printer.local', 'A'],
  ])('nothing to %s %s', (name, type) => {
    expect(answerTo(asking([name, type]), service)).toBeUndefined()
  })

  it('several questions at once, no record twice', () => {
    const answer = answerTo(asking([INSTANCE, 'SRV'], ['_p2p._udp.local', 'PTR'], [INSTANCE, 'TXT']), service)
    expect(kinds(answer)).toEqual({ answers: ['SRV', 'PTR', 'TXT'], additionals: ['A', 'AAAA'] })
  })

  it('not who knows already, unless that is about to be forgotten', () => {
    const knowing = (ttl: number): Packet => ({
      ...asking(['_p2p._udp.local', 'PTR']),
      answers: [{ type: 'PTR', name: '_p2p._udp.local', data: INSTANCE, ttl }],
    })
    expect(answerTo(knowing(100), service)).toBeUndefined()
    expect(kinds(answerTo(knowing(59), service))?.answers).toEqual(['PTR'])
  })
})

it('sees who would like the answer alone', () => {
  const bytes = encode({ questions: [{ name: '_p2p._udp.local', type: 'PTR' }] })
  expect(wantsUnicast(decode(bytes))).toBe(false)
  bytes.writeUInt16BE(0x8001, bytes.length - 2)
  expect(wantsUnicast(decode(bytes))).toBe(true)
})

it('answers a plain DNS resolver in its own form: its id and question, short lives, no mDNS bits', () => {
  const asked = asking(['_p2p._udp.local', 'PTR'])
  const plain = decode(encode(legacyForm(answerTo(asked, service) ?? {}, asked)))
  expect(plain).toMatchObject({
    id: 9,
    type: 'response',
    questions: [{ name: '_p2p._udp.local', type: 'PTR' }],
  })
  const records = [...(plain.answers ?? []), ...(plain.additionals ?? [])]
  expect(records).toMatchObject(records.map(() => ({ ttl: 10, flush: false })))
  expect(records).toHaveLength(5)
})
