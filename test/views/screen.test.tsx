import { describe, expect, it } from 'vitest'
import { say } from '../../src/core/safe-text.ts'
import { widthOf } from '../../src/core/width.ts'
import { connected, heard, liveScreen, peerIdOf, pinged, started } from '../support/live-screen.tsx'
import { keys } from '../support/terminal.tsx'

const ESC = '\x1b'

describe('the screen', () => {
  it.each([
    [40, 12],
    [80, 24],
    [99, 30],
    [100, 24],
    [200, 60],
    [500, 200],
  ])('fills %ix%i and no more, status on top and keys at the bottom', async (columns, rows) => {
    const { terminal, happen } = await liveScreen({ columns, rows })
    await happen(started, ...connected('aaaaaaaa'), heard('bbbbbbbb'), pinged('aaaaaaaa', 1.5))
    const screen = terminal.screen()
    expect(screen[0]).toMatch(/^ p2p-tui {3}(…OwnNode1 {3})?1 connected {2}2 peers/)
    expect(screen.at(-1)).toMatch(/q quit$/)
    expect(screen.join('\n')).toContain('…aaaaaaaa')
    expect(screen.filter(line => widthOf(line) > columns)).toEqual([])
    const both = columns >= 100 || rows >= 19
    expect(screen.some(line => /[─━] Log/.test(line))).toBe(both)
  })

  it('shows the focused pane where only one fits', async () => {
    const { terminal, happen } = await liveScreen({ columns: 40, rows: 12 })
    await happen(started, heard('bbbbbbbb'))
    expect(terminal.screen()[1]).toMatch(/━ Peers.* Tab log ━/)
    await terminal.press(keys.tab)
    expect(terminal.screen()[1]).toMatch(/━ Log.* Tab peers ━/)
    expect(terminal.screen()[2]).toContain('started as')
    await terminal.press(keys.shiftTab)
    expect(terminal.screen()[1]).toContain('━ Peers')
  })

  it('says so when it is too small, still obeys q, and comes back when it grows', async () => {
    const { terminal, happen } = await liveScreen({ columns: 39, rows: 9 })
    await happen(started)
    expect(terminal.screen().join(' ')).toContain('too small')
    expect(terminal.screen().join(' ')).toMatch(/node\s+keeps running/)
    await terminal.resize(80, 24)
    expect(terminal.screen()[0]).toContain('p2p-tui')
    await terminal.resize(39, 24)
    // No bar opens that nobody could see, and that would take the q for text.
    await terminal.press(':', 'q')
    await terminal.exited
  })

  it.each([
    [120, 30, 119, 30],
    [120, 30, 110, 30],
    [100, 30, 99, 30],
    [200, 60, 199, 59],
    [80, 24, 60, 20],
    [119, 30, 120, 30],
    [120, 40, 120, 39],
    [120, 40, 119, 20],
    [120, 40, 40, 10],
  ])('is right when it goes from %ix%i to %ix%i', async (columns, rows, toColumns, toRows) => {
    const { terminal, happen } = await liveScreen({ columns, rows })
    await happen(started, ...connected('aaaaaaaa'), heard('bbbbbbbb'))
    await terminal.resize(toColumns, toRows)
    const fresh = await liveScreen({ columns: toColumns, rows: toRows })
    await fresh.happen(started, ...connected('aaaaaaaa'), heard('bbbbbbbb'))
    expect(terminal.screen()).toEqual(fresh.terminal.screen())
  })

  it('is right after a storm of resizes', async () => {
    const { terminal, happen } = await liveScreen({ columns: 120, rows: 40 })
    await happen(started, ...connected('aaaaaaaa'), heard('bbbbbbbb'))
    const before = terminal.screen()
    for (let step = 0; step < 25; step += 1)
      await terminal.resize(30 + ((step * 37) % 170), 5 + ((step * 13) % 50))
    await terminal.resize(120, 40)
    expect(terminal.screen()).toEqual(before)
  })

  it('moves nothing when a notice comes and goes', async () => {
    const { terminal, happen } = await liveScreen({ columns: 80, rows: 24 })
    await happen(started, heard('aaaaaaaa'))
    const before = terminal.screen()
    await terminal.press(':nonsense\r')
    const after = terminal.screen()
    expect(after.slice(0, 21)).toEqual(before.slice(0, 21))
    expect(after[21]).toMatch(/^! There is no command "nonsense"$/i)
    await terminal.press(keys.escape)
    expect(terminal.screen()).toEqual(before)
  })

  it('shows warnings until they are cleared', async () => {
    const { terminal, happen } = await liveScreen({ columns: 120, rows: 24 })
    await happen(started, {
      type: 'warning:raised',
      topic: 'mdns',
      cause: say`Port 5353 is taken`,
      hint: say`Stop the other program`,
    })
    expect(terminal.screen()[0]).toContain('0 peers   ! 1 warning')
    expect(terminal.screen()[1]).toContain('! mdns Port 5353 is taken  · Stop the other program')
    expect(terminal.screen().join('\n')).toContain('Nobody can be heard on the local network')
    await happen({ type: 'warning:cleared', topic: 'mdns' })
    expect(terminal.screen()[1]).toContain('Peers')
  })

  it.each([
    [80, 24],
    [60, 15],
  ])('shows what to do about a warning at %ix%i', async (columns, rows) => {
    const { terminal, happen } = await liveScreen({ columns, rows })
    await happen(started, {
      type: 'warning:raised',
      topic: 'offenders',
      cause: say`127.0.0.5: 385/s refused, too many connections (host-rate)`,
      hint: say`block 127.0.0.5 in your firewall if you don't know it; others get in`,
    })
    expect(terminal.screen()[1]).toMatch(/^ ! 127\.0\.0\.5: 385\/s refused, too many connections/)
    expect(terminal.screen()[2]).toMatch(/^ {3}block 127\.0\.0\.5 in your firewall if you don't know/)
  })

  it('says where it listens, shorter where there is less room, and lets dials move nothing', async () => {
    const { terminal, happen } = await liveScreen({ columns: 130, rows: 24 })
    await happen(
      started,
      { type: 'listen:opened', address: say`/ip4/127.0.0.1/tcp/40001` },
      { type: 'listen:opened', address: say`/ip4/192.168.101.20/tcp/40001` },
    )
    const [before = ''] = terminal.screen()
    expect(before).toContain('0 peers   ↓    0 B/s  ↑    0 B/s   /ip4/192.168.101.20/tcp/40001 +1')
    await happen({ type: 'dial:started', target: say`/ip4/10.0.0.9/tcp/1` })
    expect(terminal.screen()[0]).toBe(`${before}   dialing 1`)
    await terminal.resize(70, 24)
    expect(terminal.screen()[0]).toContain('0 peers   192.168.101.20:40001 +1')
  })

  it('tells all of it without a single colour', async () => {
    const { terminal, happen } = await liveScreen({ columns: 100, rows: 24, colour: false })
    await happen(started, ...connected('aaaaaaaa'), heard('bbbbbbbb'))
    const screen = terminal.screen()
    expect(screen.find(line => line.includes('…aaaaaaaa kubo'))).toMatch(/^▸●/)
    expect(screen[1]).toMatch(/^━━ Peers.*│── Log/)
    expect(terminal.output()).not.toMatch(new RegExp(`${ESC}\\[[\\d;]+m`))
  })

  it('shows help made from the registry, and one command in full', async () => {
    const { terminal } = await liveScreen({ columns: 120, rows: 60 })
    await terminal.press('?')
    const text = terminal.screen().join('\n')
    for (const verb of ['dial <target>', 'ping <target>', 'hangup', 'listen', 'sort', 'copy', 'quit']) {
      expect(text).toContain(verb)
    }
    expect(text).toContain('P           keep pinging')
    expect(text).toMatch(/Tab {9}to log, to peers {2}/)
    expect(text.match(/Enter {7}details/g)).toHaveLength(1)
    await terminal.press(keys.escape, ':help ping\r')
    expect(terminal.screen()[1]).toContain('Help: ping')
    expect(terminal.screen().join('\n')).toContain('--count')
  })

  it('shows all that is known of a peer', async () => {
    const { terminal, happen, pass } = await liveScreen({ columns: 120, rows: 60 })
    const peerId = peerIdOf('aaaaaaaa')
    await happen(
      started,
      heard('aaaaaaaa'),
      ...connected('aaaaaaaa', '日本語/1.0'),
      {
        type: 'stream:opened',
        peerId,
        connectionId: say`c-aaaaaaaa`,
        streamId: say`s1`,
        protocol: say`/ipfs/ping/1.0.0`,
        direction: 'outbound',
      },
      { type: 'ping:succeeded', peerId, rttMs: 9, cold: true },
      ...[2, 3, 2, 8].map(rtt => pinged('aaaaaaaa', rtt)),
      { type: 'ping:failed', peerId, kind: 'timeout', cause: say`No answer within 10 s` },
    )
    await pass(61_000)
    await terminal.press(keys.enter)
    const text = terminal.screen().join('\n')
    for (const part of [
      `Peer ID      ${peerId}`,
      'State        ● connected',
      'Agent        日本語/1.0',
      'to           /ip4/192.168.1.7/tcp/4001',
      'outbound · tcp · /noise · /yamux/1.0.0 · direct',
      'open for 1 min',
      'last   8.00 ms    min    2.00 ms    avg    3.75 ms    max    8.00 ms',
      'cold   9.00 ms',
      'loss   4 answered, 1 lost (20 %)',
      'No answer within 10 s',
      'mdns 1 min ago',
      '/ipfs/id/1.0.0',
    ]) {
      expect(text).toContain(part)
    }
    expect(text).toMatch(/\/ipfs\/ping\/1\.0\.0 +outbound {2}in 0 B, out 0 B +1 min/)
    expect(text).toMatch(/2\.00 ms ▁.▁█×/)
    await terminal.resize(60, 14)
    expect(terminal.screen()[1]).toMatch(/\d+ more ↓/)
    await terminal.press('G')
    expect(terminal.screen().join('\n')).toContain('/ipfs/id/1.0.0')
  })
})
