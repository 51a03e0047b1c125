import { Terminal } from '@xterm/headless'
import { describe, expect, it } from 'vitest'
import { changedCells, type Looks, leastBytes, looksOf } from '../../bench/screen/cells.ts'
import { median, percentile } from '../../bench/statistics.ts'
import { happenings, take } from '../../bench/world/happenings.ts'
import { opening, swarmPeers } from '../../bench/world/swarm.ts'
import { News } from '../../src/store/news.ts'
import { EMPTY_SWARM } from '../../src/store/swarm/state.ts'
import { numbered, stateAfter } from '../support/swarm-events.ts'

describe('statistics', () => {
  it('finds the middle and the shares of values in any order', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    const hundred = Array.from({ length: 100 }, (_, n) => 100 - n)
    expect([0, 0.5, 0.99, 1].map(share => percentile(hundred, share))).toEqual([1, 50, 99, 100])
  })

  it('has nothing to say of no values', () => {
    expect(() => median([])).toThrow(RangeError)
    expect(() => percentile([], 0.5)).toThrow(RangeError)
  })
})

/** How a terminal of ten columns looks after some output, and after some more. */
async function looks(first: string, second: string): Promise<[Looks, Looks]> {
  const terminal = new Terminal({ cols: 10, rows: 2, allowProposedApi: true })
  const shows = (text: string) => new Promise<void>(done => terminal.write(text, done))
  await shows(first)
  const before = looksOf(terminal)
  await shows(second)
  return [before, looksOf(terminal)]
}

describe('changedCells', () => {
  const changed = async (first: string, second: string) => changedCells(...(await looks(first, second)))

  it('counts what looks different: characters and visible styles', async () => {
    expect(await changed('abc', '\x1b[Habd')).toBe(1)
    expect(await changed('abc', '\x1b[H\x1b[1mab\x1b[0mc')).toBe(2)
    expect(await changed('abc', '\x1b[Habc')).toBe(0)
    expect(await changed('日', '\x1b[H月')).toBe(1)
  })

  it('does not count the colour of a blank, and counts its background', async () => {
    expect(await changed('a b', '\x1b[Ha\x1b[31m \x1b[0mb')).toBe(0)
    expect(await changed('a b', '\x1b[Ha\x1b[41m \x1b[0mb')).toBe(1)
  })
})

describe('leastBytes', () => {
  const least = async (first: string, second: string) => leastBytes(...(await looks(first, second)), 10)

  it('counts characters in UTF-8, a jump for each row and changes of style', async () => {
    expect(await least('abc', '')).toBe(0)
    expect(await least('abc', '\x1b[Habd')).toBe(7 + 1)
    expect(await least('abc', '\x1b[Hx日')).toBe(7 + 1 + 3)
    expect(await least('abc', '\x1b[Hxyz\r\nxyz')).toBe(7 + 3 + 7 + 3)
    expect(await least('abc', '\x1b[Hx\x1b[31myz')).toBe(7 + 1 + 3 + 2)
  })

  it('takes blanks for erased where that is shorter', async () => {
    expect(await least('abc', '\x1b[H  ')).toBe(7 + 2)
    expect(await least('abcdefgh', '\x1b[H\x1b[K')).toBe(7 + 3)
  })
})

describe('the made-up swarm', () => {
  it('begins with as many peers and connections as asked for', () => {
    const state = stateAfter(...opening(swarmPeers(5), 2))
    expect(state.peers.size).toBe(5)
    expect(state.connections.size).toBe(2)
  })

  it('of a larger size has the same peers at its beginning', () => {
    expect(swarmPeers(9).slice(0, 3)).toEqual(swarmPeers(3))
  })

  it('is the same for the same seed, and every event is a line of the log', () => {
    const some = (seed: number) => take(happenings(swarmPeers(3), seed), 500)
    expect(some(1)).toEqual(some(1))
    expect(some(2)).not.toEqual(some(1))
    const news = new News()
    expect(numbered(...some(1)).filter(event => !news.isNews(event, EMPTY_SWARM))).toEqual([])
  })

  it('keeps to its peers however long it goes on', () => {
    const peers = swarmPeers(3)
    const state = stateAfter(...opening(peers, 3), ...take(happenings(peers, 1), 2000))
    expect(state.peers.size).toBe(3)
    expect(state.connections.size).toBeLessThanOrEqual(3)
    expect(state.dials.size).toBeLessThanOrEqual(1)
  })
})
