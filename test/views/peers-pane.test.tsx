import { describe, expect, it } from 'vitest'
import { say } from '../../src/core/safe-text.ts'
import { widthOf } from '../../src/core/width.ts'
import { connected, heard, liveScreen, peerIdOf, pinged, started } from '../support/live-screen.tsx'
import { keys } from '../support/terminal.tsx'

/** Agents that try to break the columns; their names are what is left after cleaning. */
const HOSTILE = {
  wide: '日本語のエージェント/1.0 日本語',
  emoji: '😀👍🏽🇩🇪👨‍👩‍👧‍👦 agent',
  rtl: 'عامل/1.0 \u202Eevil',
  marks: `Z${'\u0301'.repeat(40)}algo`,
  escape: '\x1b[31mred\x1b[2J\x07\nsecond line',
  long: 'a'.repeat(5000),
  empty: '',
}

describe('the peers', () => {
  it.each([
    [80, 24],
    [120, 40],
    [200, 60],
  ])('stand in straight columns at %ix%i, whatever they call themselves', async (columns, rows) => {
    const { terminal, happen } = await liveScreen({ columns, rows })
    const names = Object.keys(HOSTILE) as (keyof typeof HOSTILE)[]
    await happen(started, ...names.flatMap(name => [...connected(name, HOSTILE[name]), pinged(name, 3.21)]))
    const lines = terminal.screen().filter(line => /^[▸ ]●/.test(line))
    const cellsBefore = lines.map(line => widthOf(line.slice(0, line.indexOf('3.21 ms'))))
    const addressesEnd = lines.map(line => {
      const end = line.indexOf('4001')
      return widthOf(line.slice(0, end))
    })
    expect(lines).toHaveLength(names.length)
    expect(new Set(cellsBefore).size).toBe(1)
    expect(new Set(addressesEnd).size).toBe(1)
    expect(terminal.output()).not.toContain('\x1b[31mred')
    expect(terminal.output()).not.toContain('\u202E')
  })

  it('show state by a sign, who it is, where, how fast and since when', async () => {
    const { terminal, happen, pass } = await liveScreen({ columns: 200, rows: 30 })
    await happen(started, ...connected('alice001'), pinged('alice001', 0.142), heard('bobbob02'))
    await pass(4000)
    const [alice, bob] = [find(terminal.screen(), 'alice001'), find(terminal.screen(), 'bobbob02')]
    expect(alice).toMatch(
      /^▸● …alice001 kubo\/0\.38 .*\/ip4\/192\.168\.1\.7\/tcp\/4001 +0\.142 ms +▁.*dialed {2}new/,
    )
    expect(bob).toMatch(/^ ○ …bobbob02 – .*\/ip4\/192\.168\.1\.7\/tcp\/4001 +– .*mdns {4}new/)
    await happen({
      type: 'peer:expired',
      peerId: peerIdOf('bobbob02'),
      source: 'mdns',
      addresses: [],
      reason: 'ttl',
    })
    expect(find(terminal.screen(), 'bobbob02')).toMatch(/^ ◌ .*expired 4s/)
  })

  it('keep host and port where there is no room for the whole address', async () => {
    const { terminal, happen } = await liveScreen({ columns: 64, rows: 30 })
    await happen(started, heard('aaaaaaaa', '/ip4/192.168.101.102/tcp/40012'))
    expect(find(terminal.screen(), 'aaaaaaaa')).toContain(' 192.168.101.102:40012 ')
    await terminal.resize(80, 30)
    expect(find(terminal.screen(), 'aaaaaaaa')).toMatch(/ (\/ip4\/)?192.168.101.102\/tcp\/40012 /)
    await terminal.resize(101, 30)
    expect(find(terminal.screen(), 'aaaaaaaa')).toMatch(/ (192.168.101.102|….168.101.102):40012 /)
  })

  it('select the first until a key is pressed, then hold on to the peer, and to its place when it goes', async () => {
    const { terminal, happen } = await liveScreen({ columns: 100, rows: 30 })
    await happen(started, heard('aaaaaaaa'), heard('bbbbbbbb'), heard('cccccccc'))
    expect(selected(terminal.screen())).toContain('aaaaaaaa')
    await happen(...connected('bbbbbbbb'))
    expect(selected(terminal.screen())).toContain('bbbbbbbb')
    await happen({
      type: 'connection:closed',
      peerId: peerIdOf('bbbbbbbb'),
      connectionId: say`c-bbbbbbbb`,
      reason: say`bye`,
      durationMs: 1,
      bytesIn: 0,
      bytesOut: 0,
    })
    await terminal.press('j')
    expect(selected(terminal.screen())).toContain('bbbbbbbb')
    await happen(...connected('cccccccc'))
    expect(rowsOfPeers(terminal.screen())).toEqual(['cccccccc', 'aaaaaaaa', 'bbbbbbbb'])
    expect(selected(terminal.screen())).toContain('bbbbbbbb')
    await terminal.press('k')
    expect(selected(terminal.screen())).toContain('aaaaaaaa')
    await happen({ type: 'peer:forgotten', peerId: peerIdOf('aaaaaaaa') })
    expect(selected(terminal.screen())).toContain('bbbbbbbb')
    await happen({ type: 'peer:forgotten', peerId: peerIdOf('bbbbbbbb') })
    expect(selected(terminal.screen())).toContain('cccccccc')
  })

  it('scroll so that the selection stays in view, however many there are', async () => {
    const { terminal, happen } = await liveScreen({ columns: 100, rows: 20 })
    await happen(
      started,
      ...Array.from({ length: 1000 }, (_, n) => heard(`peer${String(n).padStart(4, '0')}`)),
    )
    expect(rowsOfPeers(terminal.screen())[0]).toBe('peer0000')
    await terminal.press('G')
    expect(selected(terminal.screen())).toContain('peer0999')
    expect(terminal.screen().join('\n')).toContain('1000/1000')
    await terminal.press(keys.pageUp)
    expect(selected(terminal.screen())).toContain('peer0986')
    await terminal.press('g', 'jjj')
    expect(selected(terminal.screen())).toContain('peer0003')
  })

  it('obey every key at once when there are 20,000, and the frame is no taller', async () => {
    const { terminal, happen } = await liveScreen({ columns: 100, rows: 20 })
    const name = (n: number) => `p${String(n).padStart(7, '0')}`
    const peers = Array.from({ length: 20_000 }, (_, n) =>
      heard(name(n), `/ip4/10.0.${n >> 8}.${n & 255}/tcp/1`),
    )
    await happen(started, ...peers)
    const before = terminal.output().length
    await terminal.press('G', 'kk')
    expect(selected(terminal.screen())).toContain('p0019997')
    await terminal.press('g', keys.pageDown, 'j')
    expect(selected(terminal.screen())).toContain('p0000014')
    await terminal.press('/', 'addr:10.0.78.', keys.enter)
    expect(terminal.screen()[1]).toContain('32 of 20000')
    expect(rowsOfPeers(terminal.screen())).toContain('p0019982')
    await terminal.press(keys.escape, ':sort address\r', 's')
    expect(terminal.screen()).toHaveLength(20)
    expect(rowsOfPeers(terminal.screen()).length).toBeLessThan(20)
    // What is not on screen is not drawn: some frames of twenty rows, not rows by the thousand.
    expect(terminal.output().length - before).toBeLessThan(60_000)
  })

  it('are sorted by another column at s, and the heading says which', async () => {
    const { terminal, happen, pass } = await liveScreen({ columns: 160, rows: 30 })
    await happen(started, ...connected('slowslow', 'aaa'), pinged('slowslow', 90))
    await pass(1000)
    await happen(...connected('fastfast', 'zzz'), pinged('fastfast', 2))
    expect(rowsOfPeers(terminal.screen())).toEqual(['slowslow', 'fastfast'])
    await terminal.press(':sort rtt\r')
    expect(terminal.screen()[1]).toContain('Peers  2  by rtt ↑')
    expect(terminal.screen()[2]).toContain('RTT↑')
    expect(rowsOfPeers(terminal.screen())).toEqual(['fastfast', 'slowslow'])
    await terminal.press('S')
    expect(terminal.screen()[2]).toContain('RTT↓')
    expect(rowsOfPeers(terminal.screen())).toEqual(['slowslow', 'fastfast'])
    await terminal.press(':sort in\r')
    expect(terminal.screen()[1]).toContain('by in ↓')
    await terminal.press('S')
    expect(terminal.screen()[1]).toContain('by in ↑')
    await happen(heard('nameless'))
    await terminal.press(':sort agent\r')
    expect(rowsOfPeers(terminal.screen())).toEqual(['slowslow', 'fastfast', 'nameless'])
  })

  it('are filtered as one types; Enter keeps the filter, Esc brings the former back', async () => {
    const { terminal, happen } = await liveScreen({ columns: 100, rows: 30 })
    await happen(started, heard('aliceaaa'), heard('bobbbbbb'), ...connected('carolccc'))
    await terminal.press('/', 'state:con')
    expect(rowsOfPeers(terminal.screen())).toEqual(['carolccc'])
    expect(terminal.screen()[1]).toContain('1 of 3  /state:con  by state ↑')
    await terminal.press(keys.enter)
    expect(rowsOfPeers(terminal.screen())).toEqual(['carolccc'])
    await terminal.press('/', keys.ctrl('u'), 'bob')
    expect(rowsOfPeers(terminal.screen())).toEqual(['bobbbbbb'])
    await terminal.press(keys.escape)
    expect(rowsOfPeers(terminal.screen())).toEqual(['carolccc'])
    await terminal.press('/', keys.ctrl('u'), keys.enter)
    expect(rowsOfPeers(terminal.screen())).toHaveLength(3)
    await terminal.press('/zzz\r')
    expect(terminal.screen().join('\n')).toContain('No peer matches /zzz')
    await terminal.press(keys.escape)
    expect(rowsOfPeers(terminal.screen())).toHaveLength(3)
  })

  it('say what to do while there are none', async () => {
    const { terminal, happen } = await liveScreen({ columns: 100, rows: 30 })
    expect(terminal.screen().join('\n')).toContain('Starting the node…')
    await happen(started)
    const text = terminal.screen().join('\n')
    expect(text).toContain('No peers heard yet.')
    expect(text).toContain(':dial <multiaddr> connects by hand.')
    const off = await liveScreen({ columns: 100, rows: 30, session: { mdns: false } })
    await off.happen(started)
    expect(off.terminal.screen().join('\n')).toContain('--no-mdns')
  })
})

function find(screen: string[], text: string): string {
  return screen.find(line => line.includes(`…${text}`)) ?? ''
}

function selected(screen: string[]): string {
  return screen.find(line => line.startsWith('▸')) ?? ''
}

/** Names of the peers in the order of their rows. */
function rowsOfPeers(screen: string[]): string[] {
  return screen.flatMap(line => /^[▸ ][●○◌·] …(\w{8})/.exec(line)?.[1] ?? [])
}
