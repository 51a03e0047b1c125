import { describe, expect, it } from 'vitest'
import { safeText, say } from '../../src/core/safe-text.ts'
import { connected, liveScreen, peerIdOf, started } from '../support/live-screen.tsx'
import { keys } from '../support/terminal.tsx'
import { opened, relayedTo, stream } from '../support/views-world.ts'

const NAMES = ['alice001', 'bobbob02', 'carol003']

async function three(columns = 120, rows = 30) {
  const live = await liveScreen({ columns, rows })
  await live.happen(
    started,
    ...NAMES.flatMap(name => connected(name)),
    stream('bobbob02', '/ipfs/kad/1.0.0'),
    relayedTo('dave0004'),
  )
  await live.terminal.press('2')
  return live
}

describe('the connections', () => {
  it('each say what they are made of, direct or relayed within limits, and have their streams below', async () => {
    const { terminal } = await three(160)
    const lines = terminal.screen()
    expect(lines[1]).toMatch(/Connections {2}4 {2}1 stream {2}1 relayed /)
    expect(lines[2]).toMatch(/PEER .*DIR .*PATH .*TRANSPORT .*CRYPT .*MUXER .*ADDRESS/)
    const at = (text: string) => lines.findIndex(line => line.includes(text))
    expect(lines[at('alice001')]).toMatch(/^▸…alice001 +out +direct +tcp +noise +yamux/)
    expect(lines[at('dave0004')]).toMatch(/…dave0004 +out +relayed +131 kB 2 min +tcp/)
    expect(at('/ipfs/kad/1.0.0')).toBe(at('bobbob02') + 1)
    expect(lines[at('/ipfs/kad/1.0.0')]).toMatch(/^ {2}· in +\/ipfs\/kad\/1\.0\.0 +new/)
  })

  it('say how far a hole punch is, and which connection goes through the hole', async () => {
    const { terminal, happen } = await three(160)
    const peerId = peerIdOf('dave0004')
    const address = say`/ip4/203.0.113.9/tcp/4001`
    const rows = () => terminal.screen().filter(line => line.includes('…dave0004'))
    await happen({ type: 'punch:started', peerId })
    expect(rows()[0]).toMatch(/out +punching /)
    await happen({ type: 'punch:tried', peerId, how: 'punch', attempt: 2, attempts: 3, addresses: [address] })
    expect(rows()[0]).toContain('punch 2/3')
    await happen(opened('dave0004', { connectionId: say`c-direct`, address }), {
      type: 'punch:succeeded',
      peerId,
      address,
      durationMs: 9,
    })
    expect(rows()[0]).toMatch(/relayed +131 kB/)
    expect(rows()[1]).toMatch(/out +punched +/)
  })

  it('give keys to the peer of the selected row, of a stream too', async () => {
    const { terminal, port } = await three()
    await terminal.press('jj', 'x')
    expect(port.asked.at(-1)).toMatchObject({ kind: 'hangUp', params: { peerId: peerIdOf('bobbob02') } })
    port.asked.at(-1)?.answer({ closed: 1 })
    await terminal.press(keys.enter)
    expect(terminal.screen()[1]).toContain('Peer …bobbob02')
    await terminal.press(keys.escape)
    expect(terminal.screen()[1]).toContain('Connections')
    await terminal.press(keys.escape)
    expect(terminal.screen()[1]).toContain('Peers')
  })

  it('keep their order and the selection while others come and go', async () => {
    const { terminal, happen, clock } = await three()
    await terminal.press('j')
    clock.advance(1000)
    await happen(opened('aaaa0000'), {
      type: 'connection:closed',
      peerId: peerIdOf('alice001'),
      connectionId: say`c-alice001`,
      reason: say`gone`,
      durationMs: 1,
      bytesIn: 0,
      bytesOut: 0,
    })
    const order = terminal
      .screen()
      .slice(3)
      .flatMap(line => /…(\w{8}) .*tcp/.exec(line)?.[1] ?? [])
    expect(order).toEqual(['bobbob02', 'carol003', 'dave0004', 'aaaa0000'])
    expect(terminal.screen().find(line => line.startsWith('▸'))).toContain('bobbob02')
  })

  it('are filtered, and a filter leaves before the view does', async () => {
    const { terminal } = await three()
    await terminal.press('/', 'path:relayed', keys.enter)
    expect(terminal.screen()[1]).toContain('Connections  1 of 4')
    expect(terminal.screen().some(line => line.includes('alice001'))).toBe(false)
    await terminal.press(keys.escape)
    expect(terminal.screen()[1]).toContain('Connections  4')
    await terminal.press('/', 'zzz', keys.enter)
    expect(terminal.screen().join('\n')).toContain('Nothing matches /zzz')
  })

  it('leave out columns where there is no room, down to 40x10', async () => {
    const { terminal } = await three(40, 10)
    expect(terminal.screen()[2]).toMatch(/^ PEER +DIR +PATH +TRANSP/)
    expect(terminal.screen()[3]).toMatch(/^▸…alice001 +out +direct +tcp/)
    await terminal.press('G')
    expect(terminal.screen().find(line => line.startsWith('▸'))).toContain('dave0004')
  })

  it('show what each stream has carried, below the figures of its connection, or after its protocol', async () => {
    const { terminal, happen } = await three(120)
    const figures = { bytesIn: 1234, bytesOut: 56_000, rateIn: 900, rateOut: 0 }
    const connectionId = say`c-bobbob02`
    await happen({
      type: 'traffic:sampled',
      periodMs: 1000,
      total: figures,
      connections: [{ connectionId, peerId: peerIdOf('bobbob02'), ...figures }],
      peers: [],
      protocols: [],
      streams: [{ streamId: say`/ipfs/kad/1.0.0`, connectionId, ...figures }],
    })
    const line = (text: string) => terminal.screen().find(row => row.includes(text)) ?? ''
    const stream = line('kad/1.0.0')
    expect(stream).toMatch(/kad\/1\.0\.0 +new +1\.2 kB +56 kB +900 B +–$/)
    expect(line('bobbob02')).toMatch(/1\.2 kB +56 kB +900 B +–$/)
    expect(stream.indexOf('56 kB')).toBe(line('bobbob02').indexOf('56 kB'))
    expect(line('PEER').indexOf('OUT')).toBe(stream.indexOf('56 kB') + 2)
    await terminal.resize(40, 10)
    expect(line('kad/1.0.0')).toMatch(/kad\/1\.0\.0 +↓1\.2 kB ↑56 kB/)
  })

  it('are sorted by what is busy, and the selection stays on its row', async () => {
    const { terminal, happen } = await three(120)
    const order = () =>
      terminal
        .screen()
        .slice(3)
        .flatMap(row => /…(\w{8}) .*tcp/.exec(row)?.[1] ?? [])
    const busy = (name: string, rateIn: number) => ({
      connectionId: safeText(`c-${name}`),
      peerId: peerIdOf(name),
      bytesIn: rateIn,
      bytesOut: 0,
      rateIn,
      rateOut: 0,
    })
    await terminal.press('j')
    await happen({
      type: 'traffic:sampled',
      periodMs: 1000,
      total: { bytesIn: 0, bytesOut: 0, rateIn: 0, rateOut: 0 },
      connections: [busy('carol003', 5000), busy('dave0004', 9000)],
      peers: [],
      protocols: [],
      streams: [],
    })
    expect(order()).toEqual(['alice001', 'bobbob02', 'carol003', 'dave0004'])
    await terminal.press(':sort in/s\r')
    expect(order()).toEqual(['dave0004', 'carol003', 'alice001', 'bobbob02'])
    expect(terminal.screen()[2]).toContain('IN/S↓')
    expect(terminal.screen().find(row => row.startsWith('▸'))).toContain('bobbob02')
    await terminal.press('S')
    expect(order()).toEqual(['alice001', 'bobbob02', 'carol003', 'dave0004'])
    expect(terminal.screen()[2]).toContain('IN/S↑')
    await terminal.press(':sort rtt\r')
    expect(terminal.screen().join('\n')).toContain('There is no column rtt here')
    await terminal.press('3', ':sort\r')
    expect(terminal.screen().join('\n')).toContain('have an order of their own')
  })

  it('make only the rows on screen, however many there are', async () => {
    const { terminal, happen } = await liveScreen({ columns: 100, rows: 20 })
    const names = Array.from({ length: 3000 }, (_, n) => `n${String(n).padStart(7, '0')}`)
    await happen(started, ...names.map(name => opened(name)))
    await terminal.press('2', 'G')
    expect(terminal.screen()[1]).toContain('3000/3000')
    expect(terminal.screen().filter(line => line.includes('direct'))).toHaveLength(14)
    expect(terminal.screen().find(line => line.startsWith('▸'))).toContain('n0002999')
  })

  it('say what to do when there is none', async () => {
    const { terminal, happen } = await liveScreen({ columns: 80, rows: 24 })
    await happen(started)
    await terminal.press('2')
    expect(terminal.screen().join('\n')).toMatch(/No connections\.\s+d dials/)
  })
})

describe('the limits in the title', () => {
  const most = { connections: 10, inbound: 9, perHost: 5, hostRate: 7, pending: 8, dials: 9, streams: 8 }
  const used = { connections: 3, inbound: 3, perHost: 3, pending: 2, dials: 0 }
  const refused = (limit: 'hostRate' | 'perHost', count: number) =>
    ({ type: 'connection:refused', direction: 'inbound', reason: say`full`, limit, count }) as const

  it('are there with their use, what waits at the door, and what each has refused', async () => {
    const live = await liveScreen({ columns: 120, rows: 30 })
    await live.happen(started, { type: 'limits:set', ...most }, ...NAMES.flatMap(name => connected(name)))
    await live.terminal.press('2')
    expect(live.terminal.screen()[1]).toMatch(/Connections {2}3 of 10 {2}0 streams ━/)
    await live.happen(
      { type: 'limits:sampled', ...used },
      refused('perHost', 4),
      refused('hostRate', 1_200),
      refused('perHost', 1),
    )
    expect(live.terminal.screen()[1]).toMatch(
      /3 of 10 {2}0 streams {2}2 handshakes {2}refused 1,200 host-rate, 5 per-host/,
    )
    await live.terminal.press('/', 'peer:alice', '\r')
    expect(live.terminal.screen()[1]).toContain('1 shown, 3 of 10')
  })
})
