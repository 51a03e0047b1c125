import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../src/core/events.ts'
import { parseFilter } from '../../src/core/filter.ts'
import { LOG_KEYS, logSubject, PEER_KEYS, peerSubject } from '../../src/core/filter-subjects.ts'
import type { Peer } from '../../src/core/swarm.ts'
import { ANNA, BERT, connected, heard, numbered, swarmOf, text } from '../support/swarms.ts'

const swarm = swarmOf(
  heard(ANNA, '/ip4/192.168.1.2/tcp/4001'),
  connected(ANNA, '/ip4/192.168.1.2/tcp/4001'),
  {
    type: 'peer:identified',
    peerId: ANNA,
    connectionId: text('c1'),
    agentVersion: text('Go-libp2p/0.48 (kind)'),
    protocols: [text('/ipfs/ping/1.0.0')],
    addresses: [],
  },
  { type: 'ping:succeeded', peerId: ANNA, rttMs: 25.5, cold: false },
  { type: 'ping:failed', peerId: ANNA, kind: 'timeout', cause: text('late') },
  heard(BERT, '/ip6/fe80::1/udp/4001/quic-v1'),
)

function peersLeftBy(query: string): string[] {
  const { matches } = parseFilter(query, PEER_KEYS)
  const names = new Map<string, string>([
    [ANNA, 'anna'],
    [BERT, 'bert'],
  ])
  const left = [...swarm.peers.values()].filter((peer: Peer) => matches(peerSubject(peer)))
  return left.map(peer => names.get(peer.peerId) ?? '?').sort()
}

describe('a filter of the peers', () => {
  it.each([
    ['', 'anna bert'],
    ['   ', 'anna bert'],
    ['connected', 'anna'],
    ['GO-LIBP2P', 'anna'],
    ['192.168', 'anna'],
    ['fe80::1', 'bert'],
    [`…${BERT.slice(-8)}`, 'bert'],
    ['state:heard', 'bert'],
    ['STATE:Heard', 'bert'],
    ['-state:heard', 'anna'],
    ['source:mdns', 'anna bert'],
    ['source:dialed', 'anna'],
    ['agent:"0.48 (kind)"', 'anna'],
    ['"libp2p/0.48 (kind)"', 'anna'],
    ['transport:quic', 'bert'],
    ['transport=quic', ''],
    ['protocol:ping', 'anna'],
    [`id:${ANNA.slice(10, 20)}`, 'anna'],
    ['rtt>20', 'anna'],
    ['rtt>=25.5 rtt<26', 'anna'],
    ['rtt<20', ''],
    ['-rtt>20', 'bert'],
    ['loss>10', 'anna'],
    ['in<1k', 'anna bert'],
    ['in>1k', ''],
    ['mdns connected', 'anna'],
    ['connected heard', ''],
  ])('%s leaves %s', (query, left) => expect(peersLeftBy(query).join(' ')).toBe(left))

  it.each(['-', 'state:', 'rtt>', 'rtt>=', '-rtt<', '"', '-"', 'agent:"'])(
    'lets everything through while %s is only half typed',
    query => {
      expect(peersLeftBy(query)).toEqual(['anna', 'bert'])
      expect(parseFilter(query, PEER_KEYS).errors).toEqual([])
    },
  )

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), query => {
        peersLeftBy(query)
      }),
    )
  })

  it.each([
    ['rtt>fast', /rtt is compared with a number/],
    ['state>3', /state cannot be compared/],
    ['stat:heard', /no key stat; did you mean state:/],
  ])('says what is wrong with %s', (query, error) => {
    expect(parseFilter(query, PEER_KEYS).errors.join()).toMatch(error)
  })

  it.each(['/ip6/::1', '12:30', 'https://x'])('takes %s for text, not for a key', query => {
    expect(parseFilter(query, PEER_KEYS).errors).toEqual([])
  })
})

describe('a filter of the log', () => {
  const ping: NewEvent = { type: 'ping:succeeded', peerId: ANNA, rttMs: 25.5, cold: false }
  const passes = (query: string, event: NewEvent = ping) =>
    parseFilter(query, LOG_KEYS).matches(logSubject({ kind: 'event', event: numbered(event) }))

  it('knows kind, type, peer, tone and rtt', () => {
    expect(passes('kind:ping type:ping:succeeded rtt>20 tone:plain')).toBe(true)
    expect(passes(`peer:${ANNA}`)).toBe(true)
    expect(passes(`peer:${BERT}`)).toBe(false)
    expect(passes('-kind:ping')).toBe(false)
    expect(passes('rtt>20', { type: 'ping:answered', peerId: ANNA })).toBe(false)
  })

  it('finds an event by what its line shows and by the whole Peer ID', () => {
    expect(passes('answered in 25.5')).toBe(true)
    expect(passes('"answered in 25.5"')).toBe(true)
    expect(passes(ANNA.slice(0, 30))).toBe(true)
  })

  it('finds what the line shows in either wording, the full one and the brief one', () => {
    const dial: NewEvent = { type: 'dial:started', target: text('/ip4/192.168.1.2/tcp/4001') }
    expect(passes('/ip4/192.168.1.2/tcp/4001', dial)).toBe(true)
    expect(passes('192.168.1.2:4001', dial)).toBe(true)
  })

  it('finds the places where events were lost', () => {
    const gap = logSubject({ kind: 'gap', dropped: 3, lost: [], time: 0 })
    expect(parseFilter('tone:lost', LOG_KEYS).matches(gap)).toBe(true)
    expect(parseFilter('lost', LOG_KEYS).matches(gap)).toBe(true)
    expect(parseFilter('kind:dial', LOG_KEYS).matches(gap)).toBe(false)
  })
})
