import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../src/core/events.ts'
import { say } from '../../src/core/safe-text.ts'
import { connected, heard, liveScreen, peerIdOf, started } from '../support/live-screen.tsx'
import { keys } from '../support/terminal.tsx'

const SCREEN = { columns: 100, rows: 30 }

const limitsSet: NewEvent = {
  type: 'limits:set',
  connections: 10,
  inbound: 9,
  perHost: 5,
  hostRate: 5,
  pending: 5,
  dials: 5,
  streams: 256,
}

describe('keys and commands', () => {
  it('dials the selected peer at d, shows that it is under way, and what came of it', async () => {
    const { terminal, happen, port } = await liveScreen(SCREEN)
    await happen(started, heard('aaaaaaaa'))
    await terminal.press('d')
    expect(port.asked).toMatchObject([{ kind: 'dial', params: { target: peerIdOf('aaaaaaaa') } }])
    expect(terminal.screen()[28]).toBe(':dial …aaaaaaaa …  Esc cancels')
    port.asked[0]?.fail({ stage: 'connect', cause: say`Nobody listens there`, hint: say`Start it first` })
    await terminal.flush()
    expect(terminal.screen()[27]).toBe('! dial failed at connect: Nobody listens there')
    expect(terminal.screen()[28]).toBe('  Start it first  :dial …aaaaaaaa')
  })

  it('shows how far a dial is and for how long, and that it was cancelled', async () => {
    const { terminal, happen, pass, port } = await liveScreen(SCREEN)
    await happen(started, heard('aaaaaaaa'), heard('bbbbbbbb'))
    await terminal.press('d')
    const [target, requestId] = [peerIdOf('aaaaaaaa'), port.asked[0]?.id ?? say``]
    await happen(
      { type: 'dial:started', requestId, target },
      { type: 'dial:progressed', requestId, target, stage: 'connect', elapsedMs: 0.4 },
      { type: 'dial:started', target: say`another` },
      { type: 'dial:progressed', target: say`another`, stage: 'encrypt', elapsedMs: 3 },
    )
    expect(terminal.screen()[28]).toBe(':dial …aaaaaaaa  connect 0.400 ms  Esc cancels')
    await pass(2000)
    expect(terminal.screen()[28]).toBe(':dial …aaaaaaaa  connect 2000 ms  Esc cancels')
    await terminal.press('j', keys.escape)
    expect(terminal.screen()[27]).toBe(' cancelled: dial …aaaaaaaa')
  })

  it('names the line that does the same as a key, until the next answer', async () => {
    const { terminal, happen } = await liveScreen(SCREEN)
    await happen(started, heard('aaaaaaaa'))
    await terminal.press('s')
    expect(terminal.screen()[27]).toBe(' sorted by agent')
    expect(terminal.screen()[28]).toBe(':sort next')
    await terminal.press(':sort state\r')
    expect(terminal.screen()[27]).toBe(' sorted by state')
    expect(terminal.screen()[28]).toBe('')
  })

  it('takes the former answer away when something new is under way', async () => {
    const { terminal, happen } = await liveScreen({ columns: 80, rows: 12 })
    await happen(started, heard('aaaaaaaa'))
    await terminal.press(':nonsense\r')
    expect(terminal.screen()[10]).toContain('There is no command')
    await terminal.press(':dial @\r')
    expect(terminal.screen()[10]).toBe(':dial …aaaaaaaa …  Esc cancels')
  })

  it('does not cover a failure with how an older command ended', async () => {
    const { terminal, happen, port } = await liveScreen({ columns: 100, rows: 30 })
    await happen(started, heard('aaaaaaaa'))
    await terminal.press(':dial /ip4/10.0.0.2/tcp/1\r', ':dial /ip4/10.0.0.3/tcp/1\r')
    port.asked[1]?.fail({ stage: 'connect', cause: say`Nobody listens there`, hint: say`Start it first` })
    await terminal.flush()
    port.asked[0]?.answer({
      peerId: peerIdOf('aaaaaaaa'),
      connectionId: say`c1`,
      address: say`/ip4/10.0.0.2/tcp/1`,
      durationMs: 1000,
      existing: false,
    })
    await terminal.flush()
    expect(terminal.screen()[27]).toBe('! dial failed at connect: Nobody listens there')
    await terminal.press(':sort agent\r')
    expect(terminal.screen()[27]).toBe(' sorted by agent')
  })

  it('shows a failure whole that its lines have no room for', async () => {
    const { terminal, happen } = await liveScreen({ columns: 40, rows: 16 })
    await happen(started, heard('aaaaaaaa'))
    await terminal.press(':pnig aaaaaaaa\r')
    expect(terminal.screen().join(' ')).toContain('Did you mean ping?')
    await terminal.press(keys.escape, ':sort agnt\r')
    expect(terminal.screen().join(' ')).toContain('Did you mean agent?')
  })

  it('shows an answer whole that is too wide for its line, if it was asked for', async () => {
    const { terminal, happen } = await liveScreen({ columns: 60, rows: 24 })
    await happen(started)
    await terminal.press(':id\r')
    expect(terminal.screen()[1]).toContain('━ id ')
    expect(terminal.screen().join('').replace(/\s/g, '')).toContain(peerIdOf('OwnNode1'))
    await terminal.press(keys.escape)
    await terminal.resize(120, 24)
    await terminal.press(':id\r')
    expect(terminal.screen()[1]).toContain('Peers')
    expect(terminal.screen()[21]).toContain(peerIdOf('OwnNode1'))
  })

  it('does not repeat the last line of an answer that is on the screen', async () => {
    const { terminal, happen, port } = await liveScreen({ columns: 80, rows: 24 })
    await happen(started, limitsSet)
    await terminal.press(':limits\r')
    port.asked.at(-1)?.answer({ accounts: [] })
    await terminal.flush()
    expect(terminal.screen()[1]).toContain('━ limits ')
    expect(terminal.screen().filter(line => line.includes('streams opened by one peer'))).toHaveLength(1)
    expect(terminal.screen()[21]).toBe('')
  })

  it('takes good news away after a while, and keeps what went wrong', async () => {
    const { terminal, happen, pass } = await liveScreen(SCREEN)
    await happen(started, heard('aaaaaaaa'))
    await terminal.press('s')
    await pass(15_000)
    await terminal.press('s')
    await pass(15_000)
    expect(terminal.screen()[27]).toBe(' sorted by address')
    await pass(5000)
    expect(terminal.screen()[27]).toBe('')
    await terminal.press(':nonsense\r')
    await pass(60_000)
    expect(terminal.screen()[27]).toContain('There is no command')
  })

  it('keeps pinging at P, and stops at P', async () => {
    const { terminal, happen, port } = await liveScreen({ columns: 160, rows: 30 })
    const peerId = peerIdOf('aaaaaaaa')
    await happen(started, ...connected('aaaaaaaa'))
    expect(terminal.screen()[29]).toContain('P keep pinging')
    await terminal.press('P')
    expect(port.asked.at(-1)?.params).toEqual({ peerId, on: true })
    port.asked.at(-1)?.answer({ running: true })
    await happen({ type: 'ping:started', peerId, intervalMs: 1000 })
    expect(terminal.screen()[27]).toBe(' pinging …aaaaaaaa once a second; P again ends it')
    expect(terminal.screen()[29]).toContain('P stop pinging')
    await terminal.press('P')
    expect(port.asked.at(-1)?.params).toEqual({ peerId, on: false })
  })

  it('takes a whole command in one chunk, as a slow line brings it', async () => {
    const { terminal, happen, port } = await liveScreen(SCREEN)
    await happen(started, heard('aaaaaaaa'), heard('bbbbbbbb'))
    await terminal.press('j:dial /ip4/10.0.0.1/tcp/1\rk')
    expect(port.asked).toMatchObject([{ kind: 'dial', params: { target: '/ip4/10.0.0.1/tcp/1' } }])
    expect(terminal.screen().find(line => line.startsWith('▸'))).toContain('aaaaaaaa')
  })

  it('edits a line with the cursor of the terminal, completes it, and says what comes next', async () => {
    const { terminal, happen, port } = await liveScreen(SCREEN)
    await happen(started, heard('aaaaaaaa'))
    await terminal.press(':')
    expect(terminal.screen()[29]).toBe(' Tab lists commands, Up brings back earlier lines, Esc leaves')
    await terminal.press('di', 'a')
    expect(terminal.screen()[28]).toBe(':dia')
    expect(terminal.cursor()).toEqual({ x: 4, y: 28, visible: true })
    expect(terminal.screen()[29]).toContain('dial <target>')
    await terminal.press(keys.tab, '@')
    expect(terminal.screen()[28]).toBe(':dial @')
    await terminal.press(keys.enter)
    expect(port.asked).toHaveLength(1)
    expect(terminal.cursor().visible).toBe(false)
    await terminal.press(':', keys.up)
    expect(terminal.screen()[28]).toBe(':dial @')
    await terminal.press(keys.escape)
    expect(terminal.screen()[28]).toContain('Esc cancels')
  })

  it('leaves an empty bar at Enter', async () => {
    const { terminal } = await liveScreen(SCREEN)
    await terminal.press(':', keys.enter, '?')
    expect(terminal.screen()[1]).toContain('Help')
  })

  it('leaves the bar at Enter when nothing was added to what a key has put there', async () => {
    const { terminal, happen, store } = await liveScreen(SCREEN)
    await happen(started, ...connected('aaaaaaaa'))
    await terminal.press('d')
    expect(terminal.screen()[28]).toBe(':dial')
    await terminal.press(keys.enter)
    expect(store.screen.bar).toBeUndefined()
    expect(store.screen.notice).toBeUndefined()
  })

  it('offers peers by both ends of their ids, and a word on each, however narrow it is', async () => {
    const { terminal, happen } = await liveScreen({ columns: 50, rows: 20 })
    await happen(started, ...connected('aaaaaaaa'), ...connected('bbbbbbbb'))
    await terminal.press(':ping ', keys.tab)
    const offered = terminal.screen().filter(line => line.includes('12D3KooW'))
    expect(offered).toHaveLength(2)
    expect(offered.join()).toMatch(/aaaaaaaa {2}connected.*bbbbbbbb {2}connected/)
  })

  it('backs out of one thing at a time at Esc', async () => {
    const { terminal, happen, port, store } = await liveScreen(SCREEN)
    await happen(started, heard('aaaaaaaa'))
    await terminal.press('/aaa\r', keys.enter, 'd')
    expect(store.screen.running).toHaveLength(1)
    await terminal.press(keys.escape)
    expect(port.asked[0]?.signal?.aborted).toBe(true)
    expect(store.screen.running).toHaveLength(0)
    expect(store.screen.notice?.text).toBe('cancelled: dial …aaaaaaaa')
    expect(store.screen.overlays).toHaveLength(1)
    await terminal.press(keys.escape)
    expect(store.screen.overlays).toHaveLength(0)
    expect(store.screen.peers.filter).toBe('aaa')
    await terminal.press(keys.escape)
    expect(store.screen.peers.filter).toBe('')
    expect(store.screen.notice).toBeDefined()
    await terminal.press(keys.escape)
    expect(store.screen.notice).toBeUndefined()
  })

  it('means the peer whose details are open by @, even when another is selected meanwhile', async () => {
    const { terminal, happen, port } = await liveScreen(SCREEN)
    await happen(started, heard('aaaaaaaa'))
    await terminal.press(keys.enter)
    await happen(
      ...connected('bbbbbbbb'),
      { type: 'peer:forgotten', peerId: peerIdOf('aaaaaaaa') },
      heard('aaaaaaaa'),
    )
    await terminal.press('d')
    expect(port.asked).toMatchObject([{ params: { target: peerIdOf('aaaaaaaa') } }])
  })

  it('means the peer that an event is about by @ while its details are open, and no hidden row', async () => {
    const { terminal, happen, port } = await liveScreen({ columns: 160, rows: 30 })
    await happen(started, ...connected('aaaaaaaa'), heard('bbbbbbbb'))
    await terminal.press(keys.tab, keys.enter, 'p')
    expect(port.asked).toMatchObject([{ kind: 'dial', params: { target: peerIdOf('bbbbbbbb') } }])
    await terminal.press(keys.escape, keys.escape, 'g', keys.enter)
    expect(terminal.screen()[1]).toContain('Event 1')
    expect(terminal.screen()[29]).toContain('p ping…')
  })

  it('shows only keys that do something now', async () => {
    const { terminal, happen } = await liveScreen({ columns: 160, rows: 30 })
    await happen(started)
    expect(terminal.screen()[29]).not.toContain('hang up')
    await happen(...connected('aaaaaaaa'))
    expect(terminal.screen()[29]).toContain('x hang up')
    await terminal.press(keys.tab)
    expect(terminal.screen()[29]).not.toContain('hang up')
    expect(terminal.screen()[29]).toContain('Space pause')
  })

  it('names the keys for the selected peer first, and quitting last', async () => {
    const { terminal, happen } = await liveScreen({ columns: 160, rows: 30 })
    await happen(started)
    expect(terminal.screen()[29]).toMatch(
      /^\[1 main\] 2 connections {2}3 routing {2}4 relays {2}d dial… {2}p ping… {2}\/ filter {2}: command /,
    )
    await happen(...connected('aaaaaaaa'))
    expect(terminal.screen()[29]).toMatch(
      / p ping {2}Enter details {2}x hang up {2}P keep pinging {2}K keep {2}y copy {2}n name… .*q quit$/,
    )
    await terminal.press(keys.tab)
    expect(terminal.screen()[29]).toMatch(/ Space pause {2}Enter details {2}p ping /)
    await terminal.resize(40, 12)
    await terminal.press(keys.tab)
    expect(terminal.screen()[11]).toBe('[1] 2  3  4  p ping  ? help  q quit')
  })

  it('copies what is asked for, and remembers what was typed', async () => {
    const copied: string[] = []
    const remembered: string[] = []
    const { terminal, happen } = await liveScreen({
      ...SCREEN,
      session: {
        copy: text => copied.push(text),
        remember: async line => {
          remembered.push(line)
          return say`The disk is full`
        },
      },
    })
    await happen(started, heard('aaaaaaaa'))
    await terminal.press('y', ':sort rtt\r')
    await terminal.waitFor('The disk is full')
    expect(copied).toEqual([`/ip4/192.168.1.7/tcp/4001/p2p/${peerIdOf('aaaaaaaa')}`])
    expect(remembered).toEqual(['sort rtt'])
  })

  it.each(['q', keys.ctrl('c'), ':quit\r'])('ends at %j', async key => {
    const { terminal } = await liveScreen(SCREEN)
    await terminal.press(key)
    await terminal.exited
    expect(terminal.output()).toContain('\x1b[?1049l')
  })

  it('ends at Ctrl-C while a line is typed', async () => {
    const { terminal } = await liveScreen(SCREEN)
    await terminal.press(':dial ', keys.ctrl('c'))
    await terminal.exited
  })

  it('gives the terminal back when a view fails, and tells of what', async () => {
    const { terminal, store } = await liveScreen(SCREEN)
    Object.defineProperty(store, 'swarm', {
      get() {
        throw new Error('a fault in a view')
      },
    })
    store.dispatch({ type: 'focus', pane: 'log' })
    await expect(terminal.exited).rejects.toThrow('a fault in a view')
    await terminal.flush()
    expect(terminal.output()).toContain('\x1b[?1049l')
    expect(terminal.cursor().visible).toBe(true)
  })

  it('ends when the node is gone', async () => {
    const { terminal, store } = await liveScreen(SCREEN)
    store.finish({
      how: 'failed',
      failure: { stage: 'start', cause: say`Key unreadable`, hint: say`Move it` },
    })
    await terminal.exited
  })
})
