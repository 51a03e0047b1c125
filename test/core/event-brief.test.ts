import { describe, expect, it } from 'vitest'
import { describeBriefly } from '../../src/core/event-brief.ts'
import { describeEvent } from '../../src/core/event-text.ts'
import type { NewEvent } from '../../src/core/events.ts'
import { ANNA, connected, heard, numbered, OWN, text } from '../support/swarms.ts'

/** What is left for the text in the log of a screen of 120 columns. */
const ROOM = 30
const ADDRESS = text(`/ip4/192.168.101.102/tcp/40012/p2p/${ANNA}`)
const TAIL = `…${ANNA.slice(-8)}`
const FAILURE = { stage: 'connect', cause: text('Nobody listens there'), hint: text('Start it') } as const
const STREAM = {
  peerId: ANNA,
  connectionId: text('c1'),
  streamId: text('s1'),
  protocol: text('/ipfs/ping/1.0.0'),
  direction: 'outbound',
} as const

const brief = (event: NewEvent): string => describeBriefly(numbered(event)).text
const seen = (event: NewEvent): string => brief(event).slice(0, ROOM)

describe('describeBriefly', () => {
  it('shows the telling part within the columns that a log beside the peers has', () => {
    expect(seen(heard(ANNA, ADDRESS))).toBe(`${TAIL} heard at 192.168.101`)
    expect(seen({ type: 'dial:failed', target: ADDRESS, ...FAILURE, durationMs: 3, attempts: [] })).toBe(
      'failed: Nobody listens there (',
    )
    expect(seen({ type: 'dial:progressed', target: ADDRESS, stage: 'encrypt', elapsedMs: 127 })).toBe(
      'encrypt +127 ms 192.168.101.10',
    )
    expect(seen({ type: 'stream:opened', ...STREAM })).toBe(`${TAIL} ping/1.0.0 opened ou`)
    expect(seen(connected(ANNA, ADDRESS))).toContain(`${TAIL} connected, outbound`)
    expect(seen({ type: 'ping:failed', peerId: ANNA, kind: 'timeout', cause: text('No answer') })).toBe(
      `${TAIL} timeout: No answer`,
    )
    const lost = { reason: text('The network is gone'), durationMs: 1000, bytesIn: 0, bytesOut: 0 }
    expect(seen({ type: 'connection:closed', peerId: ANNA, connectionId: text('c1'), ...lost })).toContain(
      'closed: The',
    )
  })

  it('says why a connection ended in a few words, whoever ended it', () => {
    const closed = {
      type: 'connection:closed',
      peerId: ANNA,
      connectionId: text('c1'),
      bytesIn: 0,
      bytesOut: 0,
    } as const
    const told = (reason: string) => brief({ ...closed, durationMs: 4000, reason: text(reason) })
    expect(told('You hung up')).toBe(`${TAIL} closed: you hung up, 4 s`)
    expect(told('The other side closed it')).toBe(`${TAIL} closed by the peer, 4 s`)
    expect(told('The other side reset it')).toBe(`${TAIL} closed: the peer reset it, 4 s`)
    expect(told('This node stopped')).toBe(`${TAIL} closed: This node stopped, 4 s`)
  })

  it('names places as short as they go, and never a peer twice', () => {
    expect(brief({ type: 'dial:started', target: ADDRESS })).toBe('dialing 192.168.101.102:40012')
    expect(brief({ type: 'dial:started', target: text('/ip6/fe80::1/tcp/4001') })).toBe(
      'dialing [fe80::1]:4001',
    )
    expect(brief({ type: 'dial:started', target: ANNA })).toBe(`dialing ${TAIL}`)
    expect(brief({ type: 'dial:started', target: text(`/p2p/${ANNA}`) })).toBe(`dialing ${TAIL}`)
    expect(brief({ type: 'listen:opened', address: ADDRESS })).toBe('listening on 192.168.101.102:40012')
    const detail = text('noise')
    expect(brief({ type: 'dial:progressed', target: ADDRESS, stage: 'encrypt', elapsedMs: 1, detail })).toBe(
      'encrypt +1.00 ms noise',
    )
  })

  it('says who got through at which address of ours, and what the router does', () => {
    const peer = { peerId: ANNA, address: ADDRESS }
    const at = '192.168.101.102:40012'
    expect(brief({ type: 'address:checked', ...peer, reachable: true })).toBe(
      `reachable: ${at}, says ${TAIL}`,
    )
    expect(brief({ type: 'address:checked', address: ADDRESS, reachable: false })).toBe(`closed: ${at}`)
    expect(brief({ type: 'autonat:asked', ...peer })).toBe(`asked ${TAIL} to try ${at}`)
    expect(brief({ type: 'autonat:answered', ...peer, reachable: false })).toBe(
      `dialed ${TAIL} back: closed, ${at}`,
    )
    expect(brief({ type: 'upnp:mapped', address: ADDRESS })).toBe(`router forwards ${at}`)
  })

  it('says of a stream why it ended only if there is something to say', () => {
    const closed = { type: 'stream:closed', ...STREAM, bytesIn: 64, bytesOut: 32 } as const
    expect(brief({ ...closed, reason: text('Done') })).toBe(`${TAIL} ping/1.0.0 closed, in 64 B, out 32 B`)
    expect(brief({ ...closed, reason: text('It was reset') })).toContain('1.0.0 closed: It was reset, in')
  })

  it('says how a peer came to our notice, once', () => {
    const event = heard(ANNA, ADDRESS, ADDRESS) as NewEvent<'peer:discovered'>
    expect(brief(event)).toBe(`${TAIL} heard at 192.168.101.102:40012 +1 (mdns)`)
    expect(brief({ ...event, source: 'known', addresses: [ADDRESS] })).toBe(
      `${TAIL} known at 192.168.101.102:40012`,
    )
    expect(brief({ ...event, source: 'inbound', addresses: [] })).toBe(`${TAIL} found (inbound)`)
  })

  it('says of a refused connection as much as is known', () => {
    const refused = { type: 'connection:refused', direction: 'inbound', reason: text('Too many') } as const
    expect(brief(refused)).toBe('refused inbound: Too many')
    expect(brief({ ...refused, peerId: ANNA, address: ADDRESS })).toBe(
      `refused inbound ${TAIL}: Too many, 192.168.101.102:40012`,
    )
  })

  it('keeps kind, tone and peer, and the words of what is short already', () => {
    const event = numbered({ type: 'ping:answered', peerId: ANNA })
    expect(describeBriefly(event)).toEqual(describeEvent(event))
    const start = numbered({ type: 'node:started', peerId: OWN, agentVersion: text('p2p-tui/1') })
    expect(describeBriefly(start)).toMatchObject({ kind: 'node', tone: 'good', peerId: OWN })
    expect(describeBriefly(start).text).toBe(`started as …${OWN.slice(-8)}, ephemeral (p2p-tui/1)`)
  })
})
