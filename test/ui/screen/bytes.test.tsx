/** How much a terminal is sent for what changes: counts, which no machine makes larger. */
import { beforeEach, describe, expect, it } from 'vitest'
import { changedCells, looksOf } from '../../../bench/screen/cells.ts'
import { median } from '../../../bench/statistics.ts'
import { happenings, take } from '../../../bench/world/happenings.ts'
import { opening, pinged, swarmPeers } from '../../../bench/world/swarm.ts'
import type { NewEvent } from '../../../src/core/events.ts'
import { type LiveScreen, liveScreen } from '../../support/live-screen.tsx'
import { keys } from '../../support/terminal.tsx'
import { Emulator } from './emulator.ts'

const SIZE = { columns: 120, rows: 40 }
const SEED = 7
const peers = swarmPeers(20)
const [, peer] = peers

let live: LiveScreen

beforeEach(async () => {
  live = await liveScreen(SIZE)
  await live.happen(...opening(peers, peers.length))
})

/** The bytes that the terminal is sent for what `cause` leads to. */
async function bytesFor(cause: () => Promise<unknown>): Promise<number> {
  const before = live.terminal.output().length
  await cause()
  return Buffer.byteLength(live.terminal.output().slice(before))
}

/** So that a round trip changes its peer's row alone. */
async function hideTheLog(): Promise<void> {
  await live.terminal.press(keys.tab, '/', 'nothing like it', keys.enter, keys.tab)
}

describe('the terminal is sent', () => {
  it('at most 40 bytes for a figure', async () => {
    if (peer === undefined) throw new Error('a swarm of 20 has a second peer')
    await hideTheLog()
    const rtts = [12.1, 13.4, 12.6, 13.2, 12.3, 13.1, 12.9, 12.2]
    // The trend beside the figure stays flat from then on.
    await live.happen(...[...rtts, ...rtts, ...rtts].map(rtt => pinged(peer, rtt)))
    for (const rtt of rtts) {
      const bytes = await bytesFor(() => live.happen(pinged(peer, rtt)))
      expect(live.terminal.screen().join('\n')).toContain(` ${rtt.toFixed(1)} ms`)
      expect(bytes).toBeGreaterThan(0)
      expect(bytes).toBeLessThanOrEqual(40)
    }
  })

  it('at most 40 bytes for a letter, at the end of a word and in the middle of one', async () => {
    await live.terminal.press(':', 'hangup /ip4/10.77.3.9/tcp/4001')
    for (const letter of '/p2p')
      expect(await bytesFor(() => live.terminal.press(letter))).toBeLessThanOrEqual(40)
    await live.terminal.press(...new Array(9).fill(keys.left))
    for (const letter of '2345')
      expect(await bytesFor(() => live.terminal.press(letter))).toBeLessThanOrEqual(40)
    expect(live.terminal.screen().join('\n')).toContain('/tcp2345/4001/p2p')
    expect(await bytesFor(() => live.terminal.press(keys.left))).toBeLessThanOrEqual(12)
  })

  it('about a byte for each cell that changes when the full log moves by a line', async () => {
    const events = happenings(peers, SEED)
    await live.happen(...take(events, 200))
    const emulator = new Emulator(SIZE.columns, SIZE.rows)
    let seen = 0
    const catchUp = async () => {
      await emulator.show(live.terminal.output().slice(seen))
      seen = live.terminal.output().length
      return looksOf(emulator.terminal)
    }
    const perCell: number[] = []
    for (const event of take(events, 30) as NewEvent[]) {
      const before = await catchUp()
      const bytes = await bytesFor(() => live.happen(event))
      perCell.push(bytes / changedCells(before, await catchUp()))
    }
    expect(median(perCell)).toBeLessThanOrEqual(1.2)
    expect(Math.max(...perCell)).toBeLessThanOrEqual(1.5)
  })

  it('nothing where nothing changes', async () => {
    expect(await bytesFor(() => live.terminal.press('\x1b[27u'))).toBe(0)
  })
})
