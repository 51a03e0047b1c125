import { describe, expect, it } from 'vitest'
import { answerSchemas } from '../../src/commands/answers/answer-schema.ts'
import { limits } from '../../src/commands/verbs/limits.ts'
import type { NodePort } from '../../src/core/port.ts'
import { safeText, say } from '../../src/core/safe-text.ts'
import type { Account } from '../../src/core/swarm/connections.ts'
import { widthOf } from '../../src/core/width.ts'
import { CommandRun } from '../support/command-run.ts'
import { peerIdOf } from '../support/live-screen.tsx'
import { checked, dht, relayedTo, reserved, stream } from '../support/views-world.ts'

async function filled(place: 'screen' | 'lines') {
  const run = await new CommandRun(place).ready()
  const end = run.clock.now() + 3_600_000
  for (const event of [
    relayedTo('dave0004'),
    stream('dave0004', '/ipfs/kad/1.0.0'),
    ...dht([
      ['near0001', 4],
      ['faraway1', 0],
    ]),
    reserved('relay001', end),
    checked(say`/ip4/203.0.113.9/tcp/4001`, true, 'alice001'),
  ]) {
    run.fake.emit(event)
  }
  return run
}

describe('limits', () => {
  it('lists each limit with its use, its option and what it refused, those first that are exceeded or in use', async () => {
    const run = await filled('lines')
    const reason = say`full`
    run.fake.emit({
      type: 'connection:refused',
      direction: 'inbound',
      reason,
      limit: 'hostRate',
      count: 1_299,
    })
    await run.run('limits')
    const limits = run.replies.filter(({ data }) => data?.type === 'limit')
    expect(limits.map(({ text }) => text)).toEqual([
      'at most 200 connections a second from one host, 1,299 refused, --max-host-rate',
      '1 of 1,000 connections, 0 of 900 opened by others, --max-connections',
      '1 of 256 streams opened by one peer, --max-streams',
      '0 of 500 connections from one host, --max-per-host',
      '0 of 400 handshakes at once, --max-pending',
      '0 of 100 dials at once, --max-dials',
      'at most 100 handshakes at once from one host',
      'at most 65,536 file descriptors',
      'at most 4,096 streams opened by one host',
      'at most 134 MB data waiting on one connection',
      'at most 537 MB data waiting on all connections',
    ])
    expect(limits[1]?.data).toMatchObject({
      type: 'limit',
      limit: 'connections',
      most: 1_000,
      used: 1,
      inbound: { most: 900, used: 0 },
      refused: 0,
      option: '--max-connections',
    })
  })
})

describe('limits while somebody exceeds them', () => {
  it('begins with who does and what to do about it, as the warning says it', async () => {
    const run = await filled('lines')
    const reason = say`full`
    run.fake.emit({ type: 'limit:exceeded', limit: 'frames', action: 'closed', host: say`192.0.2.7`, reason })
    run.fake.emit({
      type: 'limits:offenders',
      offenders: [
        { limit: 'hostPending', action: 'refused', host: say`192.0.2.1`, reason, count: 412, perSecond: 79 },
        { limit: 'hostRate', action: 'refused', host: say`192.0.2.1`, reason, count: 413, perSecond: 3 },
        {
          limit: 'frames',
          action: 'closed',
          host: say`192.0.2.7`,
          reason,
          count: 1,
          perSecond: 0,
          comesBackAt: 30_000,
        },
      ],
    })
    await run.run('limits')
    expect(run.lines).toContain('costly frames on one connection, exceeded 1 time')
    expect(run.lines.slice(0, 2)).toEqual([
      '192.0.2.1: 82/s refused, too many handshakes (host-pending)',
      "  block 192.0.2.1 in your firewall if you don't know it; others get in",
    ])
    expect(run.lines[2]).toBe('  192.0.2.1: 413 refused, 3/s (connections a second from one host)')
    expect(run.lines[3]).toBe('192.0.2.7: closed, too much work (frames)')
    expect(run.lines[4]).toMatch(
      /^ {2}refused until \d\d:\d\d:\d\d; block 192\.0\.2\.7 in your firewall if it keeps on$/,
    )
    expect(run.lines[5]).toBe('costly frames on one connection, exceeded 1 time')
    expect(run.replies[3]?.data).toEqual({
      type: 'offender',
      limit: 'frames',
      action: 'closed',
      host: '192.0.2.7',
      reason: 'full',
      count: 1,
      perSecond: 0,
      comesBackAt: 30_000,
    })
  })
})

describe('limits with a peer connected', () => {
  it('tells who has most, as lines and as data', async () => {
    const run = await new CommandRun('lines').ready()
    const [peer] = run.fake.peers
    if (peer === undefined) throw new Error('nobody there')
    const { peerId, host } = peer
    await run.run(`dial ${peerId}`)
    await run.run(`name ${peerId} Anna`)
    run.replies.length = 0
    await run.run('limits')
    const first = run.lines.findIndex(line => line.startsWith('hosts '))
    const tables = run.replies.slice(first)
    const of = (kind: string) => tables.find(({ data }) => data?.type === 'account' && data.kind === kind)
    expect(tables[0]?.text).toMatch(/^hosts +sockets +streams +waiting +events\/s$/)
    expect(tables[1]?.text).toMatch(new RegExp(`^${host} +1 +\\d+ +[\\d.]+ k?B +\\d+$`))
    expect(of('host')?.data).toMatchObject({ host, sockets: 1 })
    expect(of('peer')?.text).toMatch(new RegExp(`^Anna at ${host} +1 `))
    expect(of('peer')?.data).toMatchObject({ peerId, host, sockets: 1 })
    expect(of('connection')?.text).toMatch(/^c1 of Anna +1 /)
    expect(of('connection')?.data).toMatchObject({ connectionId: 'c1', peerId, host, sockets: 1 })
    for (const { data } of tables)
      if (data?.type === 'account') answerSchemas.account.parse({ v: 1, time: 0, ...data })
  })

  it('cuts names so that a line fits into 80 columns, and has them whole as data', async () => {
    const run = await new CommandRun('lines').ready()
    const much = { sockets: 1_000, streams: 65_536, bufferedBytes: 134_217_728, eventsPerSecond: 12_345 }
    const protocol = safeText(`/very${'-very'.repeat(30)}-long/1.0.0`)
    const connectionId = say`l1x9zk1758000000000`
    const relay = say`relay 12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp`
    const peerId = peerIdOf('alice001')
    const accounts: Account[] = [
      { kind: 'host', host: relay, ...much },
      { kind: 'peer', peerId, host: say`2001:db8:1234:5600::/56`, ...much },
      { kind: 'connection', connectionId, peerId, host: relay, ...much },
      { kind: 'protocol', protocol, sockets: 0, streams: 0, bufferedBytes: 0, eventsPerSecond: 0 },
      { kind: 'protocol', protocol: say``, sockets: 1, streams: 258, bufferedBytes: 0, eventsPerSecond: 0 },
    ]
    const request = async () => ({ accounts })
    await limits.run({}, { ...run.context(), port: { ...run.port, request } as unknown as NodePort })
    const told = run.replies.slice(0, 9)
    expect(told.map(({ text }) => text)).toMatchInlineSnapshot(`
      [
        "hosts                                     sockets  streams  waiting events/s",
        "relay 12D3KooWEyoppN…cXwDDUA2kj6vnc6iDEp    1,000   65,536   134 MB   12,345",
        "peers                                     sockets  streams  waiting events/s",
        "…alice001 at 2001:db8:1234:5600::/56        1,000   65,536   134 MB   12,345",
        "connections                               sockets  streams  waiting events/s",
        "l1x9zk1758000000000 of …alice001            1,000   65,536   134 MB   12,345",
        "protocols                                 sockets  streams  waiting events/s",
        "/very-very-very-very…y-very-very-very-v…        0        0      0 B        0",
        "(not agreed yet)                                1      258      0 B        0",
      ]
    `)
    for (const { text } of told) expect(widthOf(text)).toBe(76)
    const data = told.flatMap(reply => (reply.data === undefined ? [] : [reply.data]))
    expect(data).toEqual(accounts.map(account => ({ type: 'account', ...account })))
  })

  it('has told the limits where the node does not answer any more', async () => {
    const run = await new CommandRun('lines').ready()
    await run.port.stop()
    await expect(run.run('limits')).rejects.toThrow('stopped')
    expect(run.lines).toContain('0 of 500 connections from one host, --max-per-host')
  })
})

describe('the verbs of the views', () => {
  it('connections lists each with its streams, and sums them up', async () => {
    const run = await filled('lines')
    await run.run('connections path:relayed')
    expect(run.lines[0]).toMatch(
      /^outbound 12D3KooW\w+dave0004 \/ip4\/.*p2p-circuit tcp \/noise .* relayed in 0 B/,
    )
    expect(run.lines.slice(1)).toEqual([
      '  inbound /ipfs/kad/1.0.0 in 0 B out 0 B',
      '1 connection, 1 stream, 1 relayed',
    ])
    expect(run.replies[0]?.data).toMatchObject({
      type: 'connection',
      limitBytes: 131_072,
      streams: [{ protocol: '/ipfs/kad/1.0.0' }],
    })
    expect(run.replies.at(-1)?.data).toEqual({
      type: 'connections',
      connections: 1,
      streams: 1,
      relayed: 1,
      most: 1_000,
      refused: 0,
    })
  })

  it('routing lists the table, the farthest bucket first', async () => {
    const run = await filled('lines')
    await run.run('routing')
    expect(run.lines).toEqual([
      `bucket 0 ${peerIdOf('faraway1')}`,
      `bucket 4 ${peerIdOf('near0001')}`,
      'client of /p2ptui/kad/1.0.0: 2 peers in 2 buckets, 0 queries running',
    ])
    expect(run.replies.at(-1)?.data).toMatchObject({ type: 'routing', mode: 'client', peers: 2 })
    expect(run.replies.at(-1)?.data).toHaveProperty('buckets', [
      { bucket: 0, peers: 1 },
      { bucket: 4, peers: 1 },
    ])
  })

  it('routing says that there is no DHT', async () => {
    const run = await new CommandRun('lines').ready()
    await run.run('routing')
    expect(run.lines).toEqual(['no DHT: start p2p-tui with --dht'])
  })

  it('relays lists addresses and reservations, and gives the verdict with its reason', async () => {
    const run = await filled('lines')
    await run.run('relays')
    expect(run.lines[0]).toBe('address /ip4/203.0.113.9/tcp/4001 observed reachable')
    expect(run.lines[1]).toMatch(/^reservation held at 12D3KooW\w+relay001 until \d\d:\d\d:\d\d$/)
    expect(run.lines[2]).toBe('Reachable at 203.0.113.9:4001: confirmed by …alice001')
    expect(run.replies.at(-1)?.data).toMatchObject({ type: 'reachability', verdict: 'reachable', relays: 1 })
  })

  it.each(['connections', 'routing', 'relays'] as const)('%s shows its view on the screen', async verb => {
    const run = await filled('screen')
    await run.run(verb)
    expect(run.screen.view).toBe(verb)
    expect(run.lines).toHaveLength(1)
  })
})
