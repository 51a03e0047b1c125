import { describe, expect, it } from 'vitest'
import { say } from '../../src/core/safe-text.ts'
import { Store } from '../../src/store/store.ts'
import { connected, heard, type LiveScreen, liveScreen, pinged, started } from '../support/live-screen.tsx'
import { keys } from '../support/terminal.tsx'

/** The log alone on screen, with `count` pings in it. */
async function logOf(count: number): Promise<LiveScreen> {
  const live = await liveScreen({ columns: 80, rows: 14 })
  await live.terminal.press(keys.tab)
  await live.happen(...Array.from({ length: count }, (_, n) => pinged('aaaaaaaa', 1000 + n)))
  return live
}

/** The RTTs of the lines shown, and of the selected one. */
function shown(screen: string[]): { first: number; last: number; selected: number } {
  const lines = screen.filter(line => line.includes('answered in'))
  const rtts = lines.map(line => Number(/answered in (\d+) ms/.exec(line)?.[1]))
  const selected = lines.findIndex(line => line.startsWith('▸'))
  return { first: rtts[0] ?? -1, last: rtts.at(-1) ?? -1, selected: rtts[selected] ?? -1 }
}

describe('the log', () => {
  it('shows time, kind and text, and follows the end', async () => {
    const { terminal, happen, pass } = await logOf(40)
    expect(shown(terminal.screen())).toEqual({ first: 1031, last: 1039, selected: 1039 })
    await pass(1234)
    await happen(pinged('aaaaaaaa', 7777))
    expect(terminal.screen()[10]).toMatch(/^▸\d\d:\d\d:01\.234 ping {3}…aaaaaaaa answered in 7777 ms$/)
  })

  it('stands still once one goes up, says how many are new, and follows again from the end', async () => {
    const { terminal, happen } = await logOf(40)
    await terminal.press('kkk')
    expect(shown(terminal.screen())).toEqual({ first: 1031, last: 1039, selected: 1036 })
    await happen(pinged('aaaaaaaa', 2000), pinged('aaaaaaaa', 2001))
    expect(shown(terminal.screen())).toEqual({ first: 1031, last: 1039, selected: 1036 })
    expect(terminal.screen()[1]).toContain('2 new ↓')
    await terminal.press('g')
    expect(shown(terminal.screen())).toEqual({ first: 1000, last: 1008, selected: 1000 })
    await terminal.press(keys.pageDown)
    expect(shown(terminal.screen())).toEqual({ first: 1000, last: 1008, selected: 1008 })
    await terminal.press('G')
    expect(shown(terminal.screen()).last).toBe(2001)
    expect(terminal.screen()[1]).not.toContain('new')
  })

  it('pauses at Space and goes on at Space', async () => {
    const { terminal, happen } = await logOf(20)
    await terminal.press(' ')
    await happen(pinged('aaaaaaaa', 3000))
    expect(terminal.screen()[1]).toMatch(/Log {2}21 {2}paused .*1 new ↓/)
    expect(shown(terminal.screen()).last).toBe(1019)
    await terminal.press(' ')
    expect(shown(terminal.screen()).last).toBe(3000)
    expect(terminal.screen()[1]).not.toContain('paused')
  })

  it('is filtered by text and kind', async () => {
    const { terminal, happen } = await logOf(3)
    await happen(started, heard('bbbbbbbb'), ...connected('cccccccc'))
    await terminal.press('/kind:conn\r')
    expect(terminal.screen().filter(line => line.includes('connected, outbound'))).toHaveLength(1)
    expect(terminal.screen().join('\n')).not.toContain('answered')
    await happen(pinged('aaaaaaaa', 5), ...connected('dddddddd'))
    expect(terminal.screen().filter(line => line.includes('connected, outbound'))).toHaveLength(2)
    await terminal.press(keys.escape)
    expect(terminal.screen().join('\n')).toContain('answered in 5.00 ms')
  })

  it('is empty after clear, and says that events are missing where they are', async () => {
    const { terminal, store } = await logOf(5)
    await terminal.press(':clear\r')
    expect(terminal.screen().join('\n')).toContain('Nothing has happened yet.')
    store.apply({ dropped: 412, events: [] })
    await terminal.flush()
    expect(terminal.screen().join('\n')).toContain('gap    412 events are missing here')
  })

  it('opens the whole event as data at Enter, and closes it at Esc', async () => {
    const { terminal, happen } = await logOf(2)
    await terminal.resize(80, 30)
    await happen({
      type: 'dial:failed',
      target: say`/ip4/10.0.0.9/tcp/1`,
      stage: 'connect',
      cause: say`Nobody listens there`,
      hint: say`Start it first`,
      durationMs: 12,
      attempts: [],
    })
    await terminal.press(keys.enter)
    const text = terminal.screen().join('\n')
    expect(text).toContain('Event 3')
    expect(text).toContain('"stage": "connect",')
    expect(text).toContain('"hint": "Start it first",')
    await terminal.press(keys.escape)
    expect(terminal.screen().join('\n')).not.toContain('"stage"')
  })

  it('draws no more rows with ten thousand lines than with ten', async () => {
    const store = new Store()
    const live = await liveScreen({ columns: 80, rows: 14, store })
    await live.terminal.press(keys.tab)
    await live.happen(...Array.from({ length: 12_000 }, () => pinged('aaaaaaaa', 4)))
    const before = live.terminal.output().length
    await live.happen(pinged('aaaaaaaa', 4))
    expect(live.terminal.output().length - before).toBeLessThan(4000)
    expect(live.terminal.screen()[1]).toContain('Log  11250')
  })
})
