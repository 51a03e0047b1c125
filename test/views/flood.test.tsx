import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../src/core/events.ts'
import { safeText } from '../../src/core/safe-text.ts'
import { LOG_LINES } from '../../src/store/event-log.ts'
import { lineOf } from '../../src/ui/line-editor/edit-line.ts'
import { connected, heard, liveScreen, peerIdOf, pinged, started } from '../support/live-screen.tsx'
import { keys } from '../support/terminal.tsx'

const PEERS = 20_000
/** What 10,000 events a second bring in one commit. */
const BATCH = 660

const nameOf = (n: number) => `p${String(n % PEERS).padStart(7, '0')}`
const addressOf = (n: number) => `/ip4/10.${Math.floor(n / 250)}.${n % 250}.1/tcp/4001`

/** A commit's worth of what a busy swarm says: pings, traffic, peers that connect and go. */
function busy(round: number): NewEvent[] {
  const events = Array.from({ length: BATCH - 20 }, (_, n) => pinged(nameOf(round * 977 + n * 31), n % 90))
  const peers = Array.from({ length: 50 }, (_, n) => ({
    peerId: peerIdOf(nameOf(round * 13 + n * 401)),
    bytesIn: round * n,
    bytesOut: n,
    rateIn: (round * n * 7919) % 100_000,
    rateOut: n * 10,
  }))
  const total = { bytesIn: round, bytesOut: round, rateIn: round, rateOut: round }
  const sample: NewEvent = {
    type: 'traffic:sampled',
    periodMs: 1000,
    streams: [],
    total,
    connections: [],
    peers,
    protocols: [],
  }
  // Inbound: their addresses stay what they are, so that a list sorted by these stands still.
  const near = Array.from(
    { length: 19 },
    (_, n) => ({ ...connected(nameOf(round * 19 + n))[0], direction: 'inbound' }) as NewEvent,
  )
  return [...events, ...near, sample]
}

async function floodedScreen() {
  const live = await liveScreen({ columns: 120, rows: 40 })
  const peers = Array.from({ length: PEERS }, (_, n) => heard(nameOf(n), addressOf(n)))
  await live.happen(started, ...peers, ...Array.from({ length: LOG_LINES }, (_, n) => pinged(nameOf(n), 5)))
  let round = 0
  return {
    ...live,
    /** Types, each chunk in the very moment in which a commit comes. */
    async press(...chunks: string[]): Promise<void> {
      for (const chunk of chunks) {
        round += 1
        await Promise.all([live.terminal.press(chunk), live.happen(...busy(round))])
      }
    },
    /** What a screen shows that has not been through any of it. */
    async expectWhatAFreshOneShows(): Promise<void> {
      const fresh = await liveScreen({ columns: 120, rows: 40, store: live.store })
      expect(live.terminal.screen()).toEqual(fresh.terminal.screen())
      fresh.terminal.close()
    },
  }
}

describe('a flood of events over 20,000 peers and a full log', () => {
  it('loses no key that moves, sorts or filters the peers', async () => {
    const { store, press, terminal, expectWhatAFreshOneShows } = await floodedScreen()
    const row = () => store.peerList.indexOf(store.screen.peers.selected ?? safeText(''))
    await press(':sort address\r', 'G', 'k', 'k', 'k', 'kk', keys.pageUp)
    const page = 33
    expect(row()).toBe(PEERS - 6 - page)
    await press('g', 'j', 'j', 'jjj', keys.pageDown)
    expect(row()).toBe(5 + page)
    const held = store.screen.peers.selected
    await press('S', 's', 's', 's', 's')
    expect(store.screen.peers.sort).toEqual({ column: 'heard', descending: false })
    expect(store.screen.peers.selected).toBe(held)
    await expectWhatAFreshOneShows()
    await press('/', ...'addr:4/10.7', '.', keys.enter)
    expect(store.peerList.length).toBe(250)
    expect(terminal.screen()[1]).toContain('250 of 20000  /addr:4/10.7.')
    await expectWhatAFreshOneShows()
  })

  it('loses no character that is typed, and no key in the log', async () => {
    const { store, session, press, terminal, expectWhatAFreshOneShows } = await floodedScreen()
    const line = 'dial /ip4/10.1.2.3/tcp/4001'
    await press(':', ...line)
    expect(lineOf(session.bar.line)).toBe(line)
    expect(terminal.screen().at(-2)).toContain(line)
    await press(keys.escape, keys.tab, ' ', '/', ...'connected', keys.enter, 'k', 'k')
    const { cursor, filter } = store.screen.log
    expect(filter).toBe('connected')
    const lines = store.log.matching(store.log.end, LOG_LINES)
    expect(lines.every(place => store.log.at(place)?.kind === 'event')).toBe(true)
    expect(lines).toContain(cursor)
    await expectWhatAFreshOneShows()
  })

  it('comes through a storm of resizes, keys between them', async () => {
    const { terminal, happen, store } = await floodedScreen()
    await terminal.press(':', 'dial x')
    const sizes = Array.from({ length: 60 }, (_, n) => [40 + ((n * 37) % 140), 10 + ((n * 23) % 50)] as const)
    for (const [n, [columns, rows]] of sizes.entries()) {
      await Promise.all([terminal.resize(columns, rows), happen(...busy(n))])
      if (n % 10 === 0) await terminal.press('y')
    }
    await terminal.resize(120, 40)
    expect(terminal.screen()).toContainEqual(expect.stringMatching(/^:dial xy{6}$/))
    const fresh = await liveScreen({ columns: 120, rows: 40, store, writer: 'ink' })
    expect(terminal.screen().slice(0, -4)).toEqual(fresh.terminal.screen().slice(0, -4))
  })
})
