import { describe, expect, it } from 'vitest'
import { eventSchemas } from '../../src/core/event-schema.ts'
import { describeEvent, EVENT_KINDS } from '../../src/core/event-text.ts'
import type { NewEvent, NodeEventType } from '../../src/core/events.ts'
import { safeMessage } from '../../src/core/safe-text.ts'
import { ANNA, connected, heard, numbered, OWN, text } from '../support/swarms.ts'

const ADDRESS = text('/ip4/192.168.1.2/tcp/4001')
const ID = text('c1')
const NO_BYTES = { bytesIn: 0, bytesOut: 0 }
const RATES = { ...NO_BYTES, rateIn: 1200, rateOut: 0 }
const FAILURE = {
  stage: 'connect',
  cause: text('Nothing listens there'),
  hint: text('Check the port'),
} as const
const STREAM = {
  peerId: ANNA,
  connectionId: ID,
  streamId: text('s1'),
  protocol: text('/ipfs/ping/1.0.0'),
  direction: 'inbound',
} as const

const CIRCUIT = { circuitId: ID, peerId: ANNA, toPeerId: OWN }

/** Each type once, with words that its line must have: who, what and why. */
const LINES: { [T in NodeEventType]: [NewEvent<T>, ...string[]] } = {
  'node:started': [
    { type: 'node:started', peerId: OWN, agentVersion: text('p2p-tui/1') },
    OWN,
    'p2p-tui/1',
    'ephemeral',
  ],
  'node:stopped': [{ type: 'node:stopped', reason: text('Asked to stop') }, 'Asked to stop'],
  'listen:opened': [{ type: 'listen:opened', address: ADDRESS }, ADDRESS],
  'listen:closed': [{ type: 'listen:closed', address: ADDRESS }, 'no longer', ADDRESS],
  'listen:failed': [
    { type: 'listen:failed', address: ADDRESS, ...FAILURE },
    ADDRESS,
    'Nothing listens there',
    'connect',
    'Check the port',
  ],
  'peer:discovered': [
    heard(ANNA, ADDRESS, ADDRESS) as NewEvent<'peer:discovered'>,
    'local network',
    '1 more',
  ],
  'peer:refreshed': [{ type: 'peer:refreshed', peerId: ANNA, source: 'known', addresses: [] }, 'again'],
  'peer:expired': [
    { type: 'peer:expired', peerId: ANNA, source: 'mdns', addresses: [], reason: 'ttl' },
    'not heard',
  ],
  'peer:identified': [
    {
      type: 'peer:identified',
      peerId: ANNA,
      connectionId: ID,
      protocols: [text('/a')],
      addresses: [],
      agentVersion: text('go-libp2p/0.48'),
    },
    'go-libp2p/0.48',
    '1 protocol',
  ],
  'peer:unidentified': [
    { type: 'peer:unidentified', peerId: ANNA, connectionId: ID, cause: text('It was silent') },
    'It was silent',
  ],
  'peer:updated': [
    { type: 'peer:updated', peerId: ANNA, addresses: [ADDRESS], protocols: [] },
    '0 protocols',
    '1 address',
  ],
  'peer:forgotten': [{ type: 'peer:forgotten', peerId: ANNA }, 'forgotten'],
  'limits:set': [
    {
      type: 'limits:set',
      connections: 1_000,
      inbound: 900,
      perHost: 500,
      hostRate: 200,
      pending: 400,
      dials: 100,
      streams: 256,
    },
    '1,000 connections',
    '900',
    '500 by one host',
    '400 handshakes',
  ],
  'limit:exceeded': [
    {
      type: 'limit:exceeded',
      limit: 'frames',
      action: 'closed',
      host: text('192.0.2.1'),
      peerId: ANNA,
      reason: text('Too many pings'),
      count: 12,
    },
    'closed',
    ANNA.slice(-8),
    '192.0.2.1',
    'Too many pings',
    '12 times',
  ],
  'limits:offenders': [
    {
      type: 'limits:offenders',
      offenders: [
        {
          limit: 'hostPending',
          action: 'refused',
          host: text('192.0.2.1'),
          reason: text('Too many'),
          count: 412,
          perSecond: 82,
        },
        { limit: 'frames', action: 'closed', peerId: ANNA, reason: text('Too many'), count: 1, perSecond: 0 },
      ],
    },
    '2 offenders',
    '192.0.2.1: 412 refused, 82/s (handshakes at once from one host)',
    `${ANNA.slice(-8)}: 1 closed (costly frames on one connection)`,
  ],
  'limits:sampled': [
    { type: 'limits:sampled', connections: 12, inbound: 7, perHost: 4, pending: 3, dials: 2 },
    '12 connections',
    '7 of them',
    '3 handshakes',
    '2 dials',
  ],
  'stream:refused': [
    {
      type: 'stream:refused',
      peerId: ANNA,
      limit: 'streams',
      reason: text('Too many (--max-streams)'),
      count: 40,
    },
    'refused a stream of',
    '--max-streams',
    '40 times since the last line',
  ],
  'dial:started': [{ type: 'dial:started', target: ADDRESS }, ADDRESS],
  'dial:progressed': [
    { type: 'dial:progressed', target: ADDRESS, stage: 'encrypt', elapsedMs: 3.21, detail: text('noise') },
    'encrypt',
    '3.21 ms',
    'noise',
  ],
  'dial:succeeded': [
    {
      type: 'dial:succeeded',
      target: ADDRESS,
      peerId: ANNA,
      connectionId: ID,
      address: ADDRESS,
      durationMs: 18.4,
      existing: false,
    },
    '18.4 ms',
    ADDRESS,
  ],
  'dial:failed': [
    {
      type: 'dial:failed',
      target: ADDRESS,
      ...FAILURE,
      durationMs: 3,
      attempts: [
        { address: ADDRESS, cause: text('x') },
        { address: ADDRESS, cause: text('y') },
      ],
    },
    ADDRESS,
    'Nothing listens there',
    'connect',
    'Check the port',
    '2 addresses',
  ],
  'connection:opened': [
    connected(ANNA, ADDRESS) as NewEvent<'connection:opened'>,
    'outbound',
    'tcp, /noise, /yamux/1.0.0',
  ],
  'connection:closed': [
    {
      type: 'connection:closed',
      peerId: ANNA,
      connectionId: ID,
      reason: text('The other side closed it'),
      durationMs: 200_000,
      ...NO_BYTES,
    },
    'The other side closed it',
    '3 min 20 s',
  ],
  'connection:refused': [
    {
      type: 'connection:refused',
      direction: 'inbound',
      address: ADDRESS,
      reason: text('Too many'),
    },
    'inbound',
    ADDRESS,
    'Too many',
  ],
  'connection:pruned': [
    { type: 'connection:pruned', peerId: ANNA, connectionId: ID, reason: text('Too many') },
    'Too many',
  ],
  'stream:opened': [{ type: 'stream:opened', ...STREAM }, '/ipfs/ping/1.0.0', 'inbound'],
  'stream:closed': [
    { type: 'stream:closed', ...STREAM, reason: text('It was reset'), ...NO_BYTES },
    'It was reset',
  ],
  'ping:started': [{ type: 'ping:started', peerId: ANNA, intervalMs: 1000 }, 'every 1 s'],
  'ping:stopped': [{ type: 'ping:stopped', peerId: ANNA }, 'no longer'],
  'ping:succeeded': [{ type: 'ping:succeeded', peerId: ANNA, rttMs: 0.142, cold: true }, '0.142 ms', 'first'],
  'ping:failed': [
    { type: 'ping:failed', peerId: ANNA, kind: 'timeout', cause: text('No answer in time') },
    'No answer in time',
    'timeout',
  ],
  'ping:answered': [{ type: 'ping:answered', peerId: ANNA }, 'answered'],
  'traffic:sampled': [
    {
      type: 'traffic:sampled',
      periodMs: 1000,
      streams: [],
      total: RATES,
      connections: [],
      peers: [],
      protocols: [],
    },
    '1.2 kB/s',
  ],
  'connection:upgraded': [
    { type: 'connection:upgraded', peerId: ANNA, connectionId: ID, relayedConnectionId: text('c0') },
    'directly',
  ],

  'relay:reserved': [
    {
      type: 'relay:reserved',
      peerId: ANNA,
      addresses: [ADDRESS],
      expiresAt: 0,
      limitBytes: 131_072,
      limitMs: 120_000,
      renewed: false,
    },
    'reserves',
    'until',
    '131 kB, 2 min 0 s a connection',
  ],
  'relay:failed': [
    { type: 'relay:failed', peerId: ANNA, ...FAILURE },
    'Nothing listens there',
    'Check the port',
  ],
  'relay:lost': [{ type: 'relay:lost', peerId: ANNA, reason: text('It hung up') }, 'It hung up'],
  'relay:granted': [{ type: 'relay:granted', peerId: ANNA, expiresAt: 0, renewed: true }, 'renewed', 'until'],
  'relay:refused': [{ type: 'relay:refused', peerId: ANNA, reason: text('Full') }, 'refused', 'Full'],
  'relay:awaited': [
    { type: 'relay:awaited', peerId: ANNA, attempts: 2, nextInMs: 8_000 },
    'again in 8 s',
    '2 tries',
  ],
  'relay:unwanted': [{ type: 'relay:unwanted', peerId: ANNA }, 'not asked any more'],
  'relay:started': [
    { type: 'relay:started', reservations: 128, circuits: 16, limitBytes: 1024 },
    '128 reservations',
    '16 connections a peer',
    '1.0 kB',
  ],
  'circuit:opened': [
    { type: 'circuit:opened', ...CIRCUIT, limitBytes: 1024, limitMs: 60_000 },
    '1.0 kB',
    '1 min',
  ],
  'circuit:measured': [{ type: 'circuit:measured', ...CIRCUIT, bytesTo: 10, bytesBack: 20 }, '10 B', '20 B'],
  'circuit:closed': [
    {
      type: 'circuit:closed',
      ...CIRCUIT,
      bytesTo: 10,
      bytesBack: 20,
      durationMs: 5_000,
      reason: text('Time is over'),
    },
    'Time is over',
    '10 B there',
    '20 B back',
    '5 s',
  ],
  'circuit:refused': [
    { type: 'circuit:refused', peerId: ANNA, reason: text('Full') },
    'did not relay',
    'Full',
  ],
  'relay:released': [{ type: 'relay:released', peerId: ANNA, reason: text('Expired') }, 'Expired'],
  'punch:started': [{ type: 'punch:started', peerId: ANNA }, 'punching'],
  'punch:tried': [
    {
      type: 'punch:tried',
      peerId: ANNA,
      how: 'punch',
      attempt: 2,
      attempts: 3,
      addresses: [ADDRESS],
      rttMs: 20,
    },
    '2 of 3',
    ADDRESS,
  ],
  'punch:succeeded': [
    { type: 'punch:succeeded', peerId: ANNA, address: ADDRESS, durationMs: 32 },
    'direct',
    ADDRESS,
    '32.0 ms',
  ],
  'punch:failed': [
    { type: 'punch:failed', peerId: ANNA, cause: text('No answer'), hint: text('Try TCP'), durationMs: 5 },
    'No answer',
    'Try TCP',
  ],
  'address:learned': [
    { type: 'address:learned', address: ADDRESS, how: 'observed', peerId: ANNA },
    ADDRESS,
    'says',
  ],
  'address:checked': [{ type: 'address:checked', address: ADDRESS, reachable: false }, 'cannot be reached'],
  'address:lost': [{ type: 'address:lost', address: ADDRESS, reason: text('Closed') }, ADDRESS, 'Closed'],
  'autonat:started': [{ type: 'autonat:started', asks: true, answers: true }, 'are asked', 'dialed back'],
  'autonat:asked': [{ type: 'autonat:asked', peerId: ANNA, address: ADDRESS }, 'asked', ADDRESS],
  'autonat:refused': [
    { type: 'autonat:refused', peerId: ANNA, address: ADDRESS, cause: text('Busy') },
    'has not tried',
    'Busy',
  ],
  'autonat:answered': [
    { type: 'autonat:answered', peerId: ANNA, address: ADDRESS, reachable: false },
    ADDRESS,
    'no way in',
  ],
  'upnp:unmapped': [{ type: 'upnp:unmapped', address: ADDRESS, reason: text('Stopped') }, ADDRESS, 'Stopped'],
  'upnp:mapped': [
    { type: 'upnp:mapped', address: ADDRESS, gateway: text('192.168.1.1') },
    '192.168.1.1',
    ADDRESS,
  ],
  'upnp:failed': [{ type: 'upnp:failed', ...FAILURE }, 'Nothing listens there', 'Check the port'],

  'routing:started': [
    { type: 'routing:started', protocol: text('/lan/kad/1.0.0'), mode: 'client' },
    '/lan/kad/1.0.0',
    'client',
  ],
  'routing:added': [{ type: 'routing:added', peerId: ANNA, bucket: 3 }, 'bucket 3'],
  'routing:removed': [{ type: 'routing:removed', peerId: ANNA }, 'left'],
  'routing:refreshed': [
    { type: 'routing:refreshed', heard: [{ peerId: ANNA, at: 1 }], buckets: [] },
    '1 peer heard, 0 buckets refreshed',
  ],
  'providing:updated': [
    { type: 'providing:updated', cid: text('bafyabc'), since: 1, peers: 19 },
    'said to 19 peers',
  ],
  'providing:stopped': [{ type: 'providing:stopped', cid: text('bafyabc') }, 'No longer providing'],
  'query:started': [{ type: 'query:started', query: 'find', subject: text('a key') }, 'find', 'a key'],
  'query:progressed': [
    {
      type: 'query:progressed',
      query: 'find',
      peerId: ANNA,
      step: 'answered',
      elapsedMs: 9,
      tookMs: 4,
      closer: 1,
    },
    '4.00 ms',
    '1 closer peer',
  ],
  'query:found': [{ type: 'query:found', query: 'providers', peerId: ANNA, addresses: [ADDRESS] }, ADDRESS],
  'query:ended': [
    {
      type: 'query:ended',
      query: 'get',
      subject: text('a key'),
      outcome: 'nothing',
      asked: 5,
      answered: 4,
      found: 0,
      durationMs: 96,
      cause: text('Nobody has it'),
    },
    'nothing',
    '5 asked, 4 answered',
    'Nobody has it',
  ],

  'name:given': [{ type: 'name:given', peerId: ANNA, name: text('anna') }, 'anna'],
  'name:taken': [{ type: 'name:taken', peerId: ANNA, name: text('anna') }, 'no longer', 'anna'],
  'keep:started': [{ type: 'keep:started', peerId: ANNA }, 'keeping'],
  'keep:tried': [
    { type: 'keep:tried', peerId: ANNA, attempt: 3, cause: text('It is off'), nextInMs: 4000 },
    'try 3',
    'It is off',
    'again in 4 s',
  ],
  'keep:stopped': [{ type: 'keep:stopped', peerId: ANNA, reason: text('You hung up') }, 'You hung up'],

  'warning:raised': [
    {
      type: 'warning:raised',
      topic: 'mdns',
      cause: text('Multicast does not work'),
      hint: text('Dial by address'),
    },
    'Multicast does not work',
    'Dial by address',
  ],
  'warning:cleared': [{ type: 'warning:cleared', topic: 'mdns' }, 'mdns'],

  'events:dropped': [
    {
      type: 'events:dropped',
      count: 1200,
      kinds: [{ type: text('ping:answered'), peerId: ANNA, count: 1100 }],
      cause: text('The disk was slow'),
    },
    '1,200 events are missing',
    'The disk was slow',
    '1,100 ping:answered of',
  ],
}

describe('describeEvent', () => {
  it.each(Object.entries(LINES))('%s says who, what and why in a line', (type, [event, ...words]) => {
    const schema = eventSchemas[type as NodeEventType]
    expect(schema.safeParse(numbered(event)).error).toBeUndefined()
    const told = describeEvent(numbered(event))
    for (const word of words) expect(told.text).toContain(word)
    expect(told.text).not.toMatch(/undefined|NaN|\n/)
    expect(EVENT_KINDS).toContain(told.kind)
  })

  it('names the peer by the end of its Peer ID, and in full beside the text', () => {
    const told = describeEvent(numbered({ type: 'ping:answered', peerId: ANNA }))
    expect(told).toMatchObject({ peerId: ANNA, text: `answered a ping of …${ANNA.slice(-8)}` })
    expect(describeEvent(numbered({ type: 'dial:started', target: ADDRESS })).peerId).toBeUndefined()
  })

  it('tells a goodbye from silence, and a dial from one that was not needed', () => {
    const expired: NewEvent = {
      type: 'peer:expired',
      peerId: ANNA,
      source: 'mdns',
      addresses: [],
      reason: 'goodbye',
    }
    expect(describeEvent(numbered(expired)).text).toContain('said goodbye')
    const [dialed] = LINES['dial:succeeded']
    expect(describeEvent(numbered({ ...dialed, existing: true })).text).toContain('already connected')
  })

  it('tells of the addresses that failed before one won, and not of those that were not tried', () => {
    const [dialed] = LINES['dial:succeeded']
    const [dead, untried] = [
      { address: text('/ip4/10.0.0.9/tcp/1'), cause: text('No answer') },
      { address: ADDRESS },
    ]
    const told = (others: NewEvent<'dial:succeeded'>['others']) =>
      describeEvent(numbered({ ...dialed, existing: false, others })).text
    expect(told([dead, untried])).toMatch(/, after 10\.0\.0\.9\/tcp\/1 failed: No answer$/)
    expect(told([dead, dead])).toMatch(/, after 2 addresses failed, 10\.0\.0\.9\/tcp\/1 first: No answer$/)
    expect(told([untried])).not.toContain('after')
  })

  it('tells a relayed connection and its limits from a direct one', () => {
    const [opened] = LINES['connection:opened']
    const told = (relay: Partial<NewEvent<'connection:opened'>>) =>
      describeEvent(numbered({ ...opened, ...relay })).text
    expect(told({ relayed: true, limitBytes: 131_072, limitMs: 120_000 })).toMatch(/, relayed for .+, .+\)$/)
    expect(told({ relayed: true })).toMatch(/, relayed\)$/)
    expect(told({})).not.toContain('relayed')
  })

  it('prints nothing that the bus has not cleaned', () => {
    const hostile = safeMessage('\x1b[2J\x1b]52;c;aGk=\x07\r\nfake line\u202e')
    const told = describeEvent(numbered({ type: 'node:stopped', reason: hostile }))
    expect(told.text).toMatch(/^stopped: \uFFFD/)
    expect(told.text).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    // @ts-expect-error a plain string is no reason that may be shown
    numbered({ type: 'node:stopped', reason: 'plain' } satisfies NewEvent)
  })
})
